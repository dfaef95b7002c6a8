import { compareMethods, describeSign, formatLevel } from '../src/features/howItWorks/numbers.ts';
import { countActive, describeUnits, paintUnits } from '../src/features/howItWorks/stages/units.ts';
import type { InspectedStep } from '../src/experiment/inspection/inspectionState.ts';
import { inspectedMethods } from '../src/domain/analysis/stepInspection.ts';
import { formatConfidence, formatEpsilon, formatNumber } from '../src/ui/format.ts';
import { networkNames } from '../src/ui/networks.ts';
import { paintDigit, paintPerturbation } from '../src/ui/images/pixels.ts';
import { expect } from './fixtures.ts';
import type { HowPanel, ShownStage } from './howPanel.ts';
import type { ReferenceStep } from './stepReference.ts';

/** What a value should be. */
interface Expected {
  readonly value: number;
  /** Allowed error, as a part of the value or of 0.001: what float32 and 784 summands allow. */
  readonly tolerance: number;
  /** Allowed error beside that. */
  readonly slack: number;
  readonly format: (value: number) => string;
}

/** Of the 784 pixels; a gradient this small beside the largest has no certain sign in float32. */
const uncertainShare = 1e-5;
/** Steps of a color's 255 that float32 may be off. */
const colorSlack = 2;

/** Texts with digits that are no values: names of digits, layers, moments and signs. */
const fixedTexts = [
  /^\d$/,
  /^layer \d$/,
  /^(\+1, brighter|−1, darker|0, unchanged)$/,
  /^Of all 784 pixels\.$/,
  /^(Not c|C)lipped to 0–1, as in (the code of the paper’s author|this experiment)\.$/,
  /^, 0, 1\)$/,
];

/**
 * All that the panel shows of a step against the reference: every number, bar and pixel. A value without a
 * name, or with one that is not known here, fails.
 *
 * @param pixel the marked one; the one with the largest gradient where nobody has pointed
 */
export async function expectStep(
  panel: HowPanel,
  step: ReferenceStep,
  pixel = indexOfLargest(step.inputGradient),
): Promise<void> {
  const stage = await panel.readStage();
  const uncertain = findUncertain(step);
  expect(uncertain.size).toBeLessThan(16);
  expectValues(stage, step, pixel, uncertain.size);
  expectLengths(stage, step);
  expectPictures(stage, step, uncertain);
  expectTexts(stage, step);
}

function indexOfLargest(values: Float32Array): number {
  return values.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best),
    0,
  );
}

function findUncertain({ inputGradient }: ReferenceStep): Set<number> {
  const limit = uncertainShare * Math.abs(inputGradient[indexOfLargest(inputGradient)]!);
  const pixels = [...inputGradient.keys()].filter(
    (i) => inputGradient[i] !== 0 && Math.abs(inputGradient[i]!) < limit,
  );
  return new Set(pixels);
}

function listValues(
  { clean, inputGradient, image, label, methods, epsilon }: ReferenceStep,
  pixel: number,
  uncertain: number,
): Map<string, Expected> {
  const values = new Map<string, Expected>();
  const add = (name: string, value: number, more: Partial<Expected> = {}): void => {
    values.set(name, { value, tolerance: 2e-4, slack: 0, format: formatNumber, ...more });
  };
  const count = { tolerance: 0, format: String };
  const confidence = { format: formatConfidence };
  const level = { tolerance: 1e-5, format: formatLevel };
  const { pass, gradientNorms, after, input: moved } = methods.adversarial;
  const largest = Math.abs(inputGradient[indexOfLargest(inputGradient)]!);

  add('loss on x', clean.loss);
  add('label', label, count);
  clean.hidden.forEach((units, l) => {
    const active = countActive(units);
    if (active < units.length) add(`layer ${l + 1} active`, active, count);
    add(`layer ${l + 1} units`, units.length, count);
  });
  for (const [name, outcome] of [
    ['x', clean],
    ['x̃', pass],
  ] as const) {
    outcome.probabilities.forEach((value, i) => add(`${name} output ${i}`, value, confidence));
    add(`${name} answer`, indexOfLargest(outcome.probabilities), count);
    add(`${name} confidence`, Math.max(...outcome.probabilities), confidence);
  }
  after.adversarial.probabilities.forEach((value, i) =>
    add(`x̃ output ${i} after`, value, { ...confidence, tolerance: 2e-3 }),
  );

  add('largest gradient', largest);
  add(
    'gradient sum',
    inputGradient.reduce((sum, value) => sum + Math.abs(value), 0),
  );
  for (const [name, sign] of [
    ['positive', 1],
    ['negative', -1],
    ['zero', 0],
  ] as const) {
    const found = inputGradient.filter((gradient) => Math.sign(gradient) === sign).length;
    add(name, found, { ...count, slack: uncertain });
  }
  add('ε', epsilon, level);
  add('darkest', Math.min(...moved), level);
  add('brightest', Math.max(...moved), level);
  add('loss on x̃', pass.loss);
  gradientNorms.forEach((norm, l) => add(`gradient norm ${l}`, norm));
  add('loss after', after.adversarial.loss, { tolerance: 2e-3 });

  add('pixel row', Math.floor(pixel / 28) + 1, count);
  add('pixel column', (pixel % 28) + 1, count);
  add('pixel x', image[pixel]!, level);
  add('pixel x̃', moved[pixel]!, level);
  add('pixel ε', epsilon, level);
  add('pixel gradient', inputGradient[pixel]!, { slack: uncertainShare * largest });
  add('pixel sign', Math.sign(inputGradient[pixel]!), { tolerance: 0, format: describeSign });

  for (const method of inspectedMethods) {
    const { pass, gradientNorms, after } = methods[method];
    add(`${method} loss`, pass.loss);
    gradientNorms.forEach((norm, l) => add(`${method} norm ${l}`, norm));
    add(`${method} after x`, after.clean.loss, { tolerance: 2e-3 });
    add(`${method} after x̃`, after.adversarial.loss, { tolerance: 2e-3 });
  }
  return values;
}

function expectValues(
  { values, looseTexts, readings }: ShownStage,
  step: ReferenceStep,
  pixel: number,
  uncertain: number,
): void {
  const expected = listValues(step, pixel, uncertain);
  const texts = new Map<string, string>();
  for (const { name, value, text } of values) {
    const known = expected.get(name);
    expect(known, `“${text}” is called “${name}”, which nothing is known of`).toBeDefined();
    const allowed = known!.tolerance * Math.max(Math.abs(known!.value), 1e-3) + known!.slack;
    const error = Math.abs(value - known!.value);
    expect(error, `${name}: ${value} for ${known!.value}`).toBeLessThanOrEqual(allowed);
    expect(text, name).toBe(known!.format(value));
    texts.set(name, text);
  }
  expect([...texts.keys()].sort()).toEqual([...expected.keys()].sort());
  const unnamed = looseTexts.filter((text) => fixedTexts.every((fixed) => !fixed.test(text)));
  expect(unnamed, 'Values without a name').toEqual([]);
  const place = `Row ${texts.get('pixel row')}, column ${texts.get('pixel column')}`;
  for (const [picture, name] of [
    ['The digit x', 'pixel x'],
    ['The gradient', 'pixel gradient'],
    ['The sign of the gradient', 'pixel sign'],
    ['The new input x̃', 'pixel x̃'],
  ] as const) {
    expect(readings[picture]).toBe(`${place}: ${texts.get(name)}`);
  }
}

/** Bars and marks, at the end of their moments. */
function expectLengths({ lengths }: ShownStage, { clean, methods }: ReferenceStep): void {
  const expected = new Map<string, number>();
  const { pass, after, gradientNorms } = methods.adversarial;
  clean.probabilities.forEach((value, i) => expected.set(`x output ${i}`, value));
  pass.probabilities.forEach((value, i) => expected.set(`x̃ output ${i}`, value));
  after.adversarial.probabilities.forEach((value, i) => expected.set(`x̃ output ${i} after`, value));
  gradientNorms.forEach((norm, l) =>
    expected.set(`gradient norm ${l}`, norm / Math.max(...gradientNorms)),
  );
  const largest = Math.max(...inspectedMethods.flatMap((one) => methods[one].gradientNorms));
  for (const method of inspectedMethods) {
    methods[method].gradientNorms.forEach((norm, l) =>
      expected.set(`${method} norm ${l}`, norm / largest),
    );
  }
  for (const { name, share } of lengths) {
    expect(expected.has(name), `A bar is called “${name}”, which nothing is known of`).toBe(true);
    const error = Math.abs(share - expected.get(name)!);
    expect(error, `bar of ${name}: ${share}`).toBeLessThanOrEqual(1e-3);
  }
  expect(lengths.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
}

function expectPictures(
  { pictures }: ShownStage,
  { image, label, clean, inputGradient, methods, epsilon }: ReferenceStep,
  uncertain: ReadonlySet<number>,
): void {
  const nothing = new Float32Array(784);
  const largest = Math.abs(inputGradient[indexOfLargest(inputGradient)]!);
  const signed = (values: Float32Array) => paintPerturbation(nothing, values, 1);
  const expected = new Map<string, Uint8ClampedArray>([
    [`The digit, a ${label}`, paintDigit(image)],
    ['The gradient of the loss at every pixel', signed(inputGradient.map((g) => g / largest))],
    ['The sign of the gradient at every pixel', signed(inputGradient.map(Math.sign))],
    [`The digit moved by ε ${formatEpsilon(epsilon)}`, paintDigit(methods.adversarial.input)],
    ...inspectedMethods.map((method): [string, Uint8ClampedArray] => [
      `What the ${method} step trains on`,
      paintDigit(methods[method].input),
    ]),
    ...clean.hidden.map((units, l): [string, Uint8ClampedArray] => [
      `Hidden layer ${l + 1}: ${describeUnits(units)}`,
      paintUnits(units, 1),
    ]),
  ]);
  expect(pictures.map((picture) => picture.label).sort()).toEqual([...expected.keys()].sort());
  for (const { label, width, bytes } of pictures) {
    const right = expected.get(label)!;
    expect(bytes.length, label).toBe(right.length);
    const wrong = bytes.flatMap((byte, i) => {
      const cell = Math.floor(i / 4);
      const isOff = Math.abs(byte - right[i]!) > colorSlack;
      return isOff && !(width === 28 && uncertain.has(cell))
        ? [`${cell}: ${byte} for ${right[i]}`]
        : [];
    });
    expect(wrong, `Pixels of “${label}”`).toEqual([]);
  }
}

/** Sentences and equations that the settings and the same numbers make. */
function expectTexts({ text, equations, values }: ShownStage, step: ReferenceStep): void {
  const { config } = step;
  const read = (name: string) => values.find((one) => one.name === name)!.value;
  const ofMethod = (method: (typeof inspectedMethods)[number]) => ({
    pass: { loss: read(`${method} loss`) },
    gradientNorms: step.methods.plain.gradientNorms.map((_, l) => read(`${method} norm ${l}`)),
    after: { adversarial: { loss: read(`${method} after x̃`) } },
  });
  const shown = {
    clean: { loss: read('loss on x') },
    methods: { adversarial: ofMethod('adversarial'), plain: ofMethod('plain') },
  } as unknown as InspectedStep;
  for (const sentence of compareMethods(shown)) expect(text).toContain(sentence);
  expect(text).toContain(
    `(${[784, ...config.hiddenLayers, 10].join('-')} ${networkNames[config.networkType]})`,
  );
  expect(text).toContain(
    `probability ${config.inputDropoutRate} and each hidden unit with ${config.hiddenDropoutRate}`,
  );
  const { clipTrainingImages: clips } = config;
  expect(text).toContain(clips ? 'Clipped to 0–1' : 'Not clipped to 0–1');
  const moved = 'x + ε · sign(∇xJ(θ, x, y))';
  expect(equations).toContain(clips ? `x̃ = clip(${moved}, 0, 1)` : `x̃ = ${moved}`);
  expect(equations).toContain('θ ← θ − step(∇θ J(θ, x̃, y))');
}
