import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultConfig,
  losses,
  networkTypes,
  optimizers,
  type RunConfig,
  trainingMethods,
} from '../shared/config.ts';
import { enginePreferences } from '../shared/metrics.ts';
import { linkedPart, maxLinkLength, readLink, writeLink } from './link.ts';
import { defaultState as defaults, type LinkedState } from './linkFields.ts';
import { presets, setupOfPreset } from './presets.ts';
import { draftOf, type SettingsDraft, trainAlike } from './settings.ts';
import {
  changeEntry,
  changeShared,
  type EntryChanges,
  findConfigs,
  makeSetup,
  type Setup,
  setupOf,
} from './setup.ts';
import { createInitialState, exampleFilters, hideablePanels } from './state.ts';
import { tourSteps } from './tour.ts';

/** Values for a setting that no other setting can make invalid. */
const values: { [Key in keyof RunConfig]: fc.Arbitrary<RunConfig[Key]> } = {
  networkType: fc.constantFrom(...networkTypes),
  hiddenLayers: fc.array(fc.integer({ min: 1, max: 512 }), { maxLength: 6 }),
  maxoutPieces: fc.integer({ min: 2, max: 8 }),
  loss: fc.constantFrom(...losses),
  method: fc.constantFrom(...trainingMethods),
  trainingEpsilon: fc.double({ min: 0, max: 1, noNaN: true }),
  pgdSteps: fc.integer({ min: 1, max: 200 }),
  pgdStepSize: fc.double({ min: 0, max: 1, noNaN: true }),
  cleanLossWeight: fc.double({ min: 0, max: 1, noNaN: true }),
  clipTrainingImages: fc.boolean(),
  inputDropoutRate: fc.double({ min: 0, max: 0.95, noNaN: true }),
  hiddenDropoutRate: fc.double({ min: 0, max: 0.95, noNaN: true }),
  optimizer: fc.constantFrom(...optimizers),
  learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
  learningRateDecay: fc.double({ min: 0.1, max: 1, noNaN: true }),
  batchSize: fc.integer({ min: 1, max: 1024 }),
  epochs: fc.integer({ min: 1, max: 1000 }),
  trainingSetSize: fc.integer({ min: 100, max: 50_000 }),
  holdOutValidation: fc.boolean(),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  dataSet: fc.constant(null),
  permutationSeed: fc.option(fc.integer({ min: 0, max: 0xffff_ffff })),
};

/** Some settings of a draft, as the form would hold them. */
const someSettings = fc
  .record(values, { requiredKeys: [] })
  .map((config): Partial<SettingsDraft> => {
    const draft = draftOf({ ...defaultConfig, ...config });
    // The data are the race's: no run has others.
    const own = (Object.keys(config) as (keyof SettingsDraft)[]).filter(
      (field) => field !== 'dataSet',
    );
    return Object.fromEntries(own.map((field) => [field, draft[field]]));
  });

const setups: fc.Arbitrary<Setup> = fc
  .record({
    preset: fc.constantFrom(...presets),
    shared: someSettings,
    runs: fc.option(
      fc.array(fc.tuple(values.method, someSettings), { minLength: 1, maxLength: 4 }),
    ),
  })
  .map(({ preset, shared, runs }) => {
    const base = setupOfPreset(preset);
    const { method, trainingEpsilon } = base.shared; // every run has its own: no link says them
    return makeSetup(
      { ...base.shared, ...shared, method, trainingEpsilon },
      runs?.map(([own, changes]): EntryChanges => {
        return { trainingEpsilon: '0.08', ...changes, method: own };
      }) ?? base.entries.map(({ changes }) => changes),
    );
  })
  .filter((setup) => findConfigs(setup) !== null); // a held-out set may leave too few images

const states: fc.Arbitrary<LinkedState> = fc.record({
  setup: setups,
  attackEpsilon: fc.double({ min: 0, max: 0.5, noNaN: true }),
  view: fc.record({
    isLogarithmic: fc.boolean(),
    smoothing: fc.double({ min: 0, max: 0.95, noNaN: true }),
    isCurveTable: fc.boolean(),
    isRobustnessTable: fc.boolean(),
    exampleFilter: fc.constantFrom(...exampleFilters),
    exampleDigit: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
  firstExample: fc.integer({ min: 0, max: 9999 }),
  drawing: fc.option(
    fc
      .array(fc.integer({ min: 0, max: 15 }), { minLength: 784, maxLength: 784 })
      .map((levels) => Float32Array.from(levels, (level) => level / 15)),
  ),
  enginePreference: fc.constantFrom(...enginePreferences),
  hiddenPanels: fc.subarray([...hideablePanels]),
  tourStep: fc.option(fc.constantFrom(...tourSteps)),
});

const quick = defaults.setup;
const withSetup = (setup: Setup): LinkedState => ({ ...defaults, setup });

describe('writeLink', () => {
  it('writes presets by their names, and the rest as differences', () => {
    expect(writeLink(linkedPart(createInitialState()))).toBe('v=1&preset=quick');
    for (const preset of presets) {
      const link = writeLink(withSetup(setupOfPreset(preset)));
      expect(link).toBe(`v=1&preset=${preset.id}`);
    }
    const changed = changeShared(quick, { seed: '7', hiddenLayers: '64 32' });
    const own = changeEntry(changed, 2, { trainingEpsilon: '0.25', epochs: '9' });
    expect(
      writeLink({ ...withSetup(own), attackEpsilon: 0.2, hiddenPanels: ['advanced', 'setup'] }),
    ).toBe(
      'v=1&preset=quick&layers=64-32&seed=7&runs=plain;dropout;adversarial,eps:0.25,epochs:9' +
        '&attack=0.2&hide=setup,advanced',
    );
  });

  it('says which permutation the pixels have', () => {
    const link = 'v=1&preset=quick&permute=12&runs=plain;adversarial,permute:no';
    const { state } = readLink(link);
    expect(findConfigs(state.setup)!.map((one) => one.permutationSeed)).toEqual([12, null]);
    expect(writeLink(state)).toBe(link);
  });

  it('writes texts of one meaning alike', () => {
    const link = writeLink(withSetup(changeShared(quick, { learningRate: ' 1e-2', epochs: '07' })));
    expect(link).toBe('v=1&preset=quick&rate=0.01&epochs=7');
  });

  it.each([
    [{ epochs: '' }, 'v=1&preset=quick'],
    [{ epochs: '2.5', seed: '3' }, 'v=1&preset=quick&seed=3'],
    [{ hiddenLayers: '' }, 'v=1&preset=quick'],
    [{ hiddenLayers: '100, many' }, 'v=1&preset=quick'],
    [{ networkType: 'maxout', hiddenLayers: '2048', maxoutPieces: '4' }, 'pieces=4'],
    [{ holdOutValidation: true, trainingSetSize: '60000' }, 'v=1&preset=quick&validation=yes'],
  ] as const)('leaves out what is refused at present: %o', (changes, expected) => {
    const link = writeLink(withSetup(changeShared(quick, changes)));
    expect(link).toContain(expected);
    const { problems, state } = readLink(link);
    expect(problems).toEqual([]);
    expect(findConfigs(state.setup)).not.toBeNull();
  });

  it('leaves out a run’s own setting that is refused at present', () => {
    const own = changeEntry(quick, 1, { epochs: 'x', seed: '4' });
    const edited = changeEntry(own, 2, { trainingEpsilon: '9' });
    expect(writeLink(withSetup(edited))).toBe(
      'v=1&preset=quick&runs=plain;dropout,seed:4;adversarial',
    );
  });

  it('gives valid links for whatever is typed', () => {
    const typed = fc.oneof(fc.string(), fc.constantFrom('', '-1', '1e9', '0', 'none', '2048 2048'));
    const textFields = [
      'hiddenLayers',
      'epochs',
      'seed',
      'trainingSetSize',
      'maxoutPieces',
    ] as const;
    const edits = fc.array(
      fc.tuple(fc.constantFrom(null, 0, 1, 2, 3), fc.constantFrom(...textFields), typed),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(setups, edits, (setup, all) => {
        const edited = all.reduce(
          (one, [key, field, text]) =>
            key === null
              ? changeShared(one, { [field]: text })
              : changeEntry(one, key, { [field]: text }),
          setup,
        );
        const { state, problems } = readLink(writeLink(withSetup(edited)));
        expect(problems).toEqual([]);
        expect(state.setup.entries).toHaveLength(edited.entries.length);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});

describe('readLink', () => {
  it('gives back every state that writeLink wrote', () => {
    fc.assert(
      fc.property(states, (state) => {
        const link = writeLink(state);
        expect(link).toMatch(/^[\w.,:;=&-]+$/); // no program on the way encodes these
        expect(link.length).toBeLessThanOrEqual(maxLinkLength);
        expect(readLink(`#${link}`)).toEqual({ state, problems: [] });
        expect(writeLink(readLink(link).state)).toBe(link);
      }),
      { numRuns: 500 },
    );
  }, 120_000);

  it('gives back the configs of races that were run, and of any spelling of them', () => {
    const configs = fc.array(
      fc.record(values).filter((config) => !config.holdOutValidation),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(configs, (raced) => {
        const { state } = readLink(writeLink(withSetup(setupOf(raced))));
        const found = findConfigs(state.setup)!;
        expect(found.every((config, index) => trainAlike(config, raced[index]!))).toBe(true);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('takes the defaults for an empty fragment, and for what a link leaves out', () => {
    for (const text of ['', '#', 'v=1', '#v=1&preset=quick', 'preset=quick&v=1']) {
      expect(readLink(text)).toEqual({ state: defaults, problems: [] });
    }
  });

  it('reads what a program on the way has encoded', () => {
    const { state, problems } = readLink('v=1&runs=plain%3Badversarial%2Ceps%3A0.25&hide=%73etup');
    expect(problems).toEqual([]);
    expect(state.setup.entries.map(({ name }) => name)).toEqual(['Plain', 'ABP ε 0.25']);
    expect(state.hiddenPanels).toEqual(['setup']);
  });

  it.each([
    ['seed=3', /^v: Expected 1, .* found nothing\.$/],
    ['v=2&seed=3', /^v: Expected 1, .* found “2”\.$/],
    ['v=1&v=1', /^v: It is said twice/],
    ['v=1&seed=3&seed=4', /^seed: It is said twice/],
    ['v=1&colour=red', /^The link: .*does not know: “colour”/],
    ['v=1&colour=red&colour=red', /^The link: .*does not know: “colour”/],
    ['v=1&method=plain', /does not know: “method”/],
    ['v=1&__proto__=1', /does not know: “__proto__”/],
    ['v=1&constructor=1', /does not know: “constructor”/],
    ['v=1&', /does not know: nothing/],
    ['v=1&seed', /^seed: Expected a value after “=”; found none/],
    ['v=1&preset=fast', /^preset: Expected one of quick, .*; found “fast”/],
    ['v=1&preset=__proto__', /^preset: Expected one of quick/],
    ['v=1&seed=%E0%A4%A', /^The link: “seed=%E0%A4%A” is not encoded/],
    ['v=1&seed=-1', /^seed: Seed must be a whole number from 0 to 4294967295. Found “-1”/],
    ['v=1&seed=1e9.5', /^seed: Seed must be a whole number.* Found “1e9\.5”/],
    ['v=1&rate=1e9', /^rate: Learning rate must be a number from .* Found “1e9”/],
    ['v=1&rate=1e999', /^rate: Learning rate must be a number/],
    ['v=1&pgd-steps=1e9', /^pgd-steps: PGD steps must be a whole number/], // though no run uses it
    ['v=1&epochs=0x10', /^epochs: Epochs must be a whole number from 1 to 1000/],
    ['v=1&epochs=Infinity', /^epochs: Epochs must be a whole number from 1 to 1000/],
    ['v=1&permute=yes', /^permute: Expected no, or the seed of the permutation. Found “yes”/],
    ['v=1&permute=-1', /^permute: Permutation seed must be a whole number from 0 to 4294967295/],
    ['v=1&seed=', /^seed: Seed must be a whole number.* Found nothing/],
    ['v=1&net=linear', /^net: Expected one of logistic, tanh, relu, maxout. Found “linear”/],
    ['v=1&net=toString', /^net: Expected one of/],
    ['v=1&validation=true', /^validation: Expected yes or no/],
    ['v=1&layers=', /^layers: Expected the units.* Found nothing/],
    ['v=1&layers=0', /^layers: Each hidden layer needs a whole number of units from 1 to 2048/],
    ['v=1&layers=1-1-1-1-1-1-1', /^layers: At most 6 hidden layers/],
    ['v=1&net=maxout&layers=2048&pieces=8', /^layers: Hidden layer 1 has 2048 units × 8 pieces/],
    ['v=1&images=50', /^images: .* from 100 to as many as the data have. Found “50”/],
    ['v=1&images=60001', /^images: Training set size must be a whole number from 100 to 60000/],
    ['v=1&images=60000&validation=yes', /^images: With 10000 validation images/],
    ['v=1&runs=', /^runs, run 1: Expected a method.*; found nothing/],
    ['v=1&runs=plain;plain;plain;plain;plain', /^runs: A race has 1 to 4 runs; found 5/],
    ['v=1&runs=plain,seed', /^runs, run 1: “seed” is no setting/],
    ['v=1&runs=plain,__proto__:1', /^runs, run 1: “__proto__:1” is no setting/],
    ['v=1&runs=plain;dropout,seed:1,seed:2', /^runs, run 2, seed: It is said twice/],
    ['v=1&runs=adversarial,eps:9', /^runs, run 1, eps: Training ε must be a number from 0 to 1/],
    ['v=1&runs=plain,net:maxout,layers:2048,pieces:8', /^runs, run 1, layers: Hidden layer 1/],
    ['v=1&attack=0.6', /^attack: Expected a number from 0 to 0.5; found “0.6”/],
    ['v=1&smoothing=1', /^smoothing: Expected a number from 0 to 0.95/],
    ['v=1&digit=10', /^digit: Expected a digit from 0 to 9, or all/],
    ['v=1&first=10000', /^first: Expected a whole number from 0 to 9999/],
    ['v=1&hide=setup,header', /^hide: Expected one or more of setup, .*; found “setup,header”/],
    ['v=1&tour=lunch', /^tour: Expected one of off, choose, race/],
    ['v=1&hide=setup,setup', /^hide: Expected one or more/],
    ['v=1&outcome=javascript:alert(1)', /^outcome: .*; found “javascript:alert\(1\)”/],
    ['v=1&engine=cpu', /^engine: Expected one of auto, webgl, simd/],
  ])('refuses %s and says why', (link, reason) => {
    const { state, problems } = readLink(link);
    expect(problems[0]).toMatch(reason);
    expect(problems).toHaveLength(1);
    expect(state).toEqual(defaults);
  });

  it('opens all of the defaults when one part is refused', () => {
    const { state } = readLink('v=1&preset=tanh&seed=7&attack=0.2&hide=setup&digit=11');
    expect(state).toEqual(defaults);
  });

  it('does not read what is far too long', () => {
    const { problems } = readLink(`v=1&seed=${'1'.repeat(100_000)}`);
    expect(problems).toEqual(['The link: Expected at most 4,000 characters; found 100,009.']);
  });

  it('keeps its sentences few and short, and shows no invisible characters', () => {
    const many = readLink(`v=1&${Array.from({ length: 90 }, (_, i) => `x${i}=1`).join('&')}`);
    expect(many.problems).toHaveLength(5);
    expect(many.problems.at(-1)).toBe('86 more problems.');
    const long = readLink(`v=1&seed=${'a'.repeat(3000)}`);
    expect(long.problems.join('').length).toBeLessThan(140);
    const hidden = readLink('v=1&seed=%E2%80%AE1%00%0A%ED%95%9C');
    expect(hidden.problems[0]).toContain('“�1��한”');
  });

  it('survives 10,000 links of any kind, and always gives a setup that can be trained', () => {
    const broken = fc
      .tuple(states, fc.nat(), fc.nat(8), fc.string({ maxLength: 8 }))
      .map(([state, at, length, inserted]) => {
        const link = writeLink(state);
        const start = at % link.length;
        return link.slice(0, start) + inserted + link.slice(start + length);
      });
    const pieces = fc.constantFrom(
      ...['v=1', '&', '=', ';', ',', ':', 'runs', 'seed', 'plain', '%', '1e9', '-', '__proto__'],
      ...['hide', 'setup', 'preset', 'quick', '<script>', 'javascript:', '\u0000', '\uD800'],
    );
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 30 }).map((parts) => `v=1&${parts.join('')}`),
      broken,
    );
    fc.assert(
      fc.property(anything, (link) => {
        const { state, problems } = readLink(link);
        expect(findConfigs(state.setup)).not.toBeNull();
        if (problems.length > 0) {
          expect(state).toBe(defaults);
          expect(problems.join(' ').length).toBeLessThan(1500);
        } else if (link !== '' && link !== '#') {
          expect(readLink(writeLink(state))).toEqual({ state, problems: [] });
        }
      }),
      { numRuns: 10_000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 120_000);
});
