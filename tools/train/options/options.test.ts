import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runConfigSchema, trainingMethods } from '../../../src/domain/settings/config.ts';
import { helpText } from './help.ts';
import { optionEntries } from './optionTable.ts';
import { parseOptions, type TrainOptions, withSeed } from './options.ts';
import { UsageError } from './usageError.ts';

function parse(...args: string[]): TrainOptions {
  const options = parseOptions(args);
  if (options === 'help') throw new Error('Asked for help.');
  return options;
}

function refusal(...args: string[]): string {
  try {
    parseOptions(args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error('Nothing was thrown.');
}

describe('parseOptions', () => {
  it('defaults to the reference recipe', () => {
    const { config, ...rest } = parse();
    expect(config).toMatchObject({
      networkType: 'relu',
      hiddenLayers: [400, 400],
      method: 'adversarial',
      trainingEpsilon: 0.08,
      clipTrainingImages: false,
      loss: 'bce',
      optimizer: 'rmsprop',
      learningRate: 5e-4,
      learningRateDecay: 0.94,
      batchSize: 64,
      seed: 1,
    });
    expect(rest).toMatchObject({
      attacks: [{ kind: 'fgsm', epsilon: 0.08, clip: false }],
      data: null,
      transpose: false,
      trainSize: null,
      validation: 0,
      save: null,
      json: false,
    });
    expect(rest.threads).toBeGreaterThanOrEqual(1);
    expect(rest.threads).toBeLessThanOrEqual(4);
  });

  it('measures ε of the attacks by the length of the change with --norm l2', () => {
    const ball = { clip: false, norm: 'l2' };
    expect(parse('--norm', 'l2').attacks).toEqual([{ kind: 'fgsm', epsilon: 2, ...ball }]);
    const { attacks } = parse(
      ...'--norm l2 --attack pgd --attack-steps 10 --attack-epsilon 1,4'.split(' '),
    );
    expect(attacks).toEqual(
      [1, 4].map((epsilon) => {
        const stepSize = epsilon / 4;
        return { kind: 'pgd', epsilon, steps: 10, stepSize, seed: 1, ...ball };
      }),
    );
    expect(refusal('--norm', 'l2', '--attack', 'strongest')).toMatch(/for --norm linf/);
    expect(refusal('--norm', 'l2', '--certify', '0.1')).toMatch(/for --norm linf/);
    expect(refusal('--attack-epsilon', '4')).toMatch(/from 0 to 1/);
  });

  it('reads every option', () => {
    const line =
      '--network maxout --hidden 240,120 --pieces 5 --loss ce --method mixed --epsilon 0.1 ' +
      '--pgd-steps 3 --pgd-step-size .05 --clean-loss-weight 0.25 --input-dropout 0.2 ' +
      '--hidden-dropout 0 --clip --optimizer adam --learning-rate 1e-4 --decay 1 --batch 128 ' +
      '--epochs 7 --seed 4294967295 --permute 11 --data some/dir --transpose --train-size 500 --validation 100 ' +
      '--attack-epsilon 0.1,0.25,0.10 --attack pgd --attack-steps 20 --certify 0.02,8/255 --threads 2 --save w.st --json';
    expect(parse(...line.split(' '))).toEqual({
      config: {
        ...parse().config,
        networkType: 'maxout',
        hiddenLayers: [240, 120],
        maxoutPieces: 5,
        loss: 'ce',
        method: 'mixed',
        trainingEpsilon: 0.1,
        pgdSteps: 3,
        pgdStepSize: 0.05,
        cleanLossWeight: 0.25,
        inputDropoutRate: 0.2,
        hiddenDropoutRate: 0,
        clipTrainingImages: true,
        optimizer: 'adam',
        learningRate: 1e-4,
        learningRateDecay: 1,
        batchSize: 128,
        epochs: 7,
        seed: 4294967295,
        permutationSeed: 11,
      },
      attacks: [
        { kind: 'pgd', epsilon: 0.1, clip: true, steps: 20, stepSize: 0.0125, seed: 4294967295 },
        { kind: 'pgd', epsilon: 0.25, clip: true, steps: 20, stepSize: 0.03125, seed: 4294967295 },
      ],
      certify: [0.02, 8 / 255],
      testEachEpoch: false,
      seeds: null,
      data: 'some/dir',
      transpose: true,
      trainSize: 500,
      validation: 100,
      threads: 2,
      save: 'w.st',
      json: true,
    });
  });

  it.each(trainingMethods)('takes the method %s', (method) => {
    expect(parse('--method', method).config.method).toBe(method);
  });

  it('keeps the test images for the end where images are held out, unless --test-each-epoch is given', () => {
    expect(parse().testEachEpoch).toBe(true);
    expect(parse('--validation', '100').testEachEpoch).toBe(false);
    expect(parse('--validation', '100', '--test-each-epoch').testEachEpoch).toBe(true);
  });

  it('takes no hidden layers, and =, and refuses an option given twice', () => {
    expect(parse('--hidden', 'none').config.hiddenLayers).toEqual([]);
    expect(parse('--hidden=').config.hiddenLayers).toEqual([]);
    expect(parse('--seed=3').config.seed).toBe(3);
    expect(() => parse('--seed=3', '--seed', '5')).toThrow('--seed is given twice');
    expect(() => parse('--clip', '--clip')).toThrow('--clip is given twice');
  });

  it('reads numbers as people type them', () => {
    const line = ['--epsilon=8/255', '--learning-rate=0,01', '--decay=.9', '--epochs=1e1'];
    const { config } = parse(...line, '--clean-loss-weight', ' 0,25 ');
    expect(config).toMatchObject({
      trainingEpsilon: 8 / 255,
      learningRate: 0.01,
      learningRateDecay: 0.9,
      cleanLossWeight: 0.25,
      epochs: 10,
    });
    expect(parse('--hidden', '400-300').config.hiddenLayers).toEqual([400, 300]);
    expect(parse('--permute', 'no').config.permutationSeed).toBeNull();
    const { attacks } = parse('--attack-epsilon', '0, 8/255,0.1');
    expect(attacks.map(({ epsilon }) => epsilon)).toEqual([0, 8 / 255, 0.1]);
  });

  it('reads seeds as a range or a list, each of which the attack has, too', () => {
    expect(parse().seeds).toBeNull();
    expect(parse('--seeds', '1-5').seeds).toEqual([1, 2, 3, 4, 5]);
    expect(parse('--seeds=7, 2,7').seeds).toEqual([7, 2]);
    expect(parse('--seeds', '3').seeds).toEqual([3]);
    const options = parse('--seeds', '2-3', '--attack', 'pgd');
    expect(withSeed(options, 3)).toMatchObject({ config: { seed: 3 }, attacks: [{ seed: 3 }] });
  });

  it('asks for help', () => {
    expect(parseOptions(['--help'])).toBe('help');
    expect(parseOptions(['-h', '--epochs', '2'])).toBe('help');
  });

  it.each([
    [['--epoch', '2'], 'unknown option --epoch'],
    [['-x'], 'unknown option -x'],
    [['--constructor'], 'unknown option --constructor'],
    [['mnist'], 'unexpected argument "mnist"'],
    [['--', '--json'], 'unexpected argument "--json"'],
    [['--epochs'], '--epochs needs a value'],
    [['--save', '--json'], '--save needs a value'],
    [['--save='], '--save needs a path'],
    [['--json=yes'], '--json takes no value'],
    [['--learning-rate', 'NaN'], '--learning-rate NaN: Learning rate must be a number from'],
    [['--learning-rate', '-1'], '--learning-rate -1: Learning rate must be a number from'],
    [['--learning-rate', ''], '--learning-rate "": Learning rate must be a number from'],
    [['--learning-rate', '0x1'], '--learning-rate 0x1: Learning rate must be'],
    [['--hidden', '400,0'], '--hidden 400,0: Each hidden layer needs a whole number of units'],
    [['--hidden', '400,,400'], '--hidden 400,,400: Each hidden layer needs'],
    [['--hidden', '1,1,1,1,1,1,1'], '--hidden 1,1,1,1,1,1,1: At most 6 hidden layers.'],
    [['--network', 'maxout', '--hidden', '2000', '--pieces', '8'], '16000 columns'],
    [['--network', 'cnn'], '--network cnn: Expected one of logistic, tanh, relu, maxout.'],
    [['--method', 'abp'], '--method abp: Expected one of plain, dropout, noise, adversarial'],
    [['--epsilon', '9'], '--epsilon 9: Training ε must be a number from 0 to 1.'],
    [['--pgd-steps', '0'], '--pgd-steps 0: PGD steps must be a whole number from 1 to 200.'],
    [['--batch', '2.5'], '--batch 2.5: Batch size must be a whole number'],
    [['--epochs', '1e9'], '--epochs 1e9: Epochs must be a whole number from 1 to 1000.'],
    [['--permute', 'yes'], '--permute yes: Expected no, or the seed of the permutation.'],
    [['--permute', '1.5'], '--permute 1.5: Permutation seed must be a whole number'],
    [['--transpose'], '--transpose is for images of yours, with --data DIR'],
    [['--decay', 'fast'], 'must be a number from 0.1 to 1. “fast” is not a number.'],
    [['--epochs', '1,000'], 'from 1 to 1000. “1,000” could mean 1000 or 1: write one of these.'],
    [['--epochs', '1.000'], 'from 1 to 1000. “1.000” could mean 1000 or 1: write one of these.'],
    [['--hidden', '1,024'], '“1,024” could mean one layer or two: write 1024 or 1-24.'],
    [['--threads', '1,000'], '--threads must be a whole number from 1 to 64, not "1,000".'],
    [['--attack-epsilon', '0,1'], '--attack-epsilon must be numbers from 0 to 1'],
    [['--attack-epsilon', '0,8/255'], '--attack-epsilon must be numbers from 0 to 1'],
    [['--attack-epsilon', '0.3,0,25'], '--attack-epsilon must be numbers from 0 to 1'],
    [['--seeds', '5-1'], '--seeds must be 1 to 100 whole numbers'],
    [['--seeds', '1-101'], '--seeds must be 1 to 100 whole numbers'],
    [['--seeds', '1,a'], '--seeds must be 1 to 100 whole numbers'],
    [['--seeds', '4294967295-4294967296'], '--seeds must be 1 to 100 whole numbers'],
    [['--seeds', '1-5', '--seed', '2'], '--seeds and --seed exclude each other.'],
    [['--seeds', '1-5', '--save', 'a.safetensors'], '--seeds and --save exclude each other.'],
    [['--seed', '-1'], '--seed -1: Seed must be a whole number'],
    [['--attack', 'cw'], '--attack must be fgsm, pgd, margin-pgd or strongest, not "cw".'],
    [['--attack-epsilon', '0.1,x'], '--attack-epsilon must be numbers from 0 to 1'],
    [['--attack-epsilon', ''], '--attack-epsilon must be numbers from 0 to 1'],
    [['--attack-steps', '0'], '--attack-steps must be a whole number from 1 to 200, not "0".'],
    [['--attack-step-size', '2'], '--attack-step-size must be a number from 0 to 1, not "2".'],
    [['--threads', '0'], '--threads must be a whole number from 1 to 64, not "0".'],
    [['--train-size', '0'], '--train-size must be a whole number from 1'],
    [['--validation', '-5'], '--validation must be a whole number from 0'],
  ])('refuses %j', (args, expected) => {
    expect(refusal(...args)).toContain(expected);
  });

  // As long as one word of a command line can be; a pattern that backtracks would take minutes.
  it.each(['1', '1,', '.', '-', '1e', ' '])('refuses 100,000 times "%s" in no time', (part) => {
    const text = `${part.repeat(100_000)}x`;
    for (const name of ['learning-rate', 'hidden', 'attack-epsilon', 'threads', 'network']) {
      refusal(`--${name}=${text}`);
    }
    refusal(`--${text}`);
  });

  it('gives a valid run or a UsageError, whatever the words', () => {
    const name = fc.constantFrom(...optionEntries.keys(), '__proto__', 'toString', '');
    const option = name.map((text) => `--${text}`);
    const value = fc.constantFrom('0', '1', '-1', '0.5', '1e400', 'NaN', ',', '1,2', 'pgd', 'none');
    const inline = fc.tuple(option, fc.oneof(value, fc.string())).map(([a, b]) => `${a}=${b}`);
    const word = fc.oneof(option, value, inline, fc.string());
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (args) => {
        try {
          const options = parseOptions(args);
          if (options !== 'help') runConfigSchema.parse(options.config);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('helpText', () => {
  it('names every option within 82 columns', () => {
    const text = helpText();
    for (const name of optionEntries.keys()) expect(text).toContain(`\n  --${name} `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(82);
  });
});
