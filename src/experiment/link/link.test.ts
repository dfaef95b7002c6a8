import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { enginePreferences } from '../../domain/metrics.ts';
import { mapSettings, settings } from '../../domain/settings/settings.ts';
import { linkedPart, maxLinkLength, readLink, writeLink } from './link.ts';
import { defaultState as defaults, type LinkedState, stateOfEmptyLink } from './linkFields.ts';
import { presets, setupOfPreset } from '../setup/presets.ts';
import { draftOf, type SettingsDraft, trainAlike } from '../setup/settingsDraft.ts';
import {
  changeEntry,
  changeShared,
  type EntryChanges,
  findConfigs,
  makeSetup,
  type Setup,
  setupOf,
} from '../setup/setup.ts';
import { places, placeToOpen } from '../places.ts';
import { createInitialState, exampleFilters, hideablePanels } from '../state.ts';
import { firstTabs, placeOfTab, tabs, tabToName, withTab } from '../tabs.ts';
import { tourSteps } from './tour.ts';

/** Values for a setting that no other setting can make invalid. */
const values = mapSettings((key): fc.Arbitrary<unknown> => {
  const row = settings[key];
  if (key === 'trainingSetSize') return fc.integer({ min: 100, max: 50_000 });
  switch (row.kind) {
    case 'real':
      return fc.double({ ...row.limits, noNaN: true });
    case 'whole':
      return fc.integer(row.limits);
    case 'layers':
      return fc.array(fc.integer({ min: 1, max: 512 }), { maxLength: 6 });
    case 'choice':
    case 'toggle':
      return fc.constantFrom<unknown>(...row.labels.keys());
    case 'seedOrNone':
      return fc.option(fc.integer(row.limits));
    case 'data':
      return fc.constant(null);
  }
}) as { [Key in keyof RunConfig]: fc.Arbitrary<RunConfig[Key]> };

/** Some settings of a draft, as the form holds them. */
const someSettings = fc
  .record(values, { requiredKeys: [] })
  .map((config): Partial<SettingsDraft> => {
    const draft = draftOf({ ...defaultConfig, ...config });
    // The experiment has one data set for all runs.
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
    const { method, trainingEpsilon } = base.shared; // every run has its own, so no link contains them
    return makeSetup(
      { ...base.shared, ...shared, method, trainingEpsilon },
      runs?.map(([own, changes]): EntryChanges => {
        return { trainingEpsilon: '0.08', ...changes, method: own };
      }) ?? base.entries.map(({ changes }) => changes),
    );
  })
  .filter((setup) => findConfigs(setup) !== null); // a held-out set may leave too few images

/** A place, and which of its tabs is open. */
const open = fc.constantFrom(
  ...places.map((place) => ({ place, tab: null })),
  ...tabs.map((tab) => {
    const place = placeOfTab(tab);
    return { place, tab: tabToName(place, withTab(firstTabs, tab)) };
  }),
);

const states: fc.Arbitrary<LinkedState> = fc
  .record({
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
    open,
    tourStep: fc.option(fc.constantFrom(...tourSteps)),
    isPresenting: fc.boolean(),
  })
  .map(({ open, ...state }) => ({ ...state, ...open }));

const quick = defaults.setup;
/** With the defaults of a link, so that the setup alone is written. */
const withSetup = (setup: Setup): LinkedState => ({ ...stateOfEmptyLink, setup });

describe('writeLink', () => {
  it('writes presets by name, and everything else as differences', () => {
    expect(writeLink(linkedPart(createInitialState()))).toBe('v=1&preset=quick&attack=0.1');
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

  it('includes the permutation of the pixels', () => {
    const link = 'v=1&preset=quick&permute=12&runs=plain;adversarial,permute:no';
    const { state } = readLink(link);
    expect(findConfigs(state.setup)!.map((one) => one.permutationSeed)).toEqual([12, null]);
    expect(writeLink(state)).toBe(link);
  });

  it('writes equivalent texts in the same form', () => {
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
  ] as const)('leaves out invalid settings: %o', (changes, expected) => {
    const link = writeLink(withSetup(changeShared(quick, changes)));
    expect(link).toContain(expected);
    const { problems, state } = readLink(link);
    expect(problems).toEqual([]);
    expect(findConfigs(state.setup)).not.toBeNull();
  });

  it('leaves out a run’s own setting that is invalid', () => {
    const own = changeEntry(quick, 1, { epochs: 'x', seed: '4' });
    const edited = changeEntry(own, 2, { trainingEpsilon: '9' });
    expect(writeLink(withSetup(edited))).toBe(
      'v=1&preset=quick&runs=plain;dropout,seed:4;adversarial',
    );
  });

  it('writes valid links for any input', () => {
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
  it('opens links that hide the saved experiments by their older name', () => {
    const { state } = readLink('v=1&hide=races');
    expect(state.hiddenPanels).toEqual(['experiments']);
    expect(writeLink(state)).toBe('v=1&preset=quick&hide=experiments');
  });

  it('restores every state that writeLink wrote', () => {
    fc.assert(
      fc.property(states, (state) => {
        const link = writeLink(state);
        expect(link).toMatch(/^[\w.,:;=&-]+$/); // no program encodes these in transit
        expect(link.length).toBeLessThanOrEqual(maxLinkLength);
        // The lab is where links lead that name no place.
        const read = { ...state, place: state.place === 'lab' ? null : state.place };
        expect(readLink(`#${link}`)).toEqual({ state: read, problems: [], leftOut: [] });
        expect(writeLink(readLink(link).state)).toBe(link);
      }),
      { numRuns: 500 },
    );
  }, 120_000);

  it('restores the configs of experiments that were run, in any spelling', () => {
    const configs = fc.array(
      fc.record(values).filter((config) => !config.holdOutValidation),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(configs, (compared) => {
        const { state } = readLink(writeLink(withSetup(setupOf(compared))));
        const found = findConfigs(state.setup)!;
        expect(found.every((config, index) => trainAlike(config, compared[index]!))).toBe(true);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('uses the defaults for an empty fragment and for missing fields', () => {
    for (const text of ['', '#']) {
      expect(readLink(text)).toEqual({ state: defaults, problems: [], leftOut: [] });
    }
    for (const text of ['v=1', '#v=1&preset=quick', 'preset=quick&v=1']) {
      expect(readLink(text)).toEqual({ state: stateOfEmptyLink, problems: [], leftOut: [] });
    }
  });

  it('attacks with the ε of older pages when it names none, and with the page’s own without a link', () => {
    expect(readLink('').state.attackEpsilon).toBe(0.1);
    expect(readLink('v=1').state.attackEpsilon).toBe(0.08);
    expect(readLink('v=1&attack=0.1').state.attackEpsilon).toBe(0.1);
    expect(writeLink({ ...defaults, attackEpsilon: 0.08 })).toBe('v=1&preset=quick');
    expect(writeLink(defaults)).toBe('v=1&preset=quick&attack=0.1');
  });

  it('opens the place that it names, and the first one that is left if it names none or a hidden one', () => {
    for (const place of places) {
      const { state } = readLink(`v=1&place=${place}`);
      expect(state.place).toBe(place);
      const written = writeLink(state);
      expect(written).toBe(`v=1&preset=quick${place === 'lab' ? '' : `&place=${place}`}`);
    }
    expect(readLink('v=1&preset=tanh').state.place).toBeNull();
    expect(placeToOpen(null, [])).toBe('lab');
    expect(placeToOpen('paper', ['paper'])).toBe('lab');
  });

  it.each(tabs)('opens the tab %s in its place, and writes it again', (tab) => {
    const { state, problems } = readLink(`v=1&tab=${tab}`);
    const place = placeOfTab(tab);
    expect([state.place, problems]).toEqual([place, []]);
    const isFirst = firstTabs[place] === tab;
    expect(state.tab).toBe(isFirst ? null : tab);
    expect(writeLink(state)).toBe(`v=1&preset=quick&place=${place}${isFirst ? '' : `&tab=${tab}`}`);
  });

  it('opens tabs that moved to Robustness there, also for a link to Look inside', () => {
    for (const tab of ['margins', 'confusion']) {
      for (const link of [`v=1&place=inside&tab=${tab}`, `v=1&tab=${tab}&place=inside`]) {
        expect(readLink(link).state).toMatchObject({ place: 'robustness', tab });
      }
    }
  });

  it.each([
    ['choose', 'train'],
    ['race', 'train'],
    ['attack', 'fooled'],
    ['inside', 'verdict'],
  ] as const)('opens the tour’s older step %s at %s', (older, step) => {
    expect(readLink(`v=1&tour=${older}`)).toMatchObject({
      state: { tourStep: step },
      problems: [],
    });
  });

  it.each(tourSteps)('opens the tour’s step %s and writes it again', (step) => {
    const { state, problems } = readLink(`v=1&tour=${step}`);
    expect([state.tourStep, problems]).toEqual([step, []]);
    expect(writeLink(state)).toBe(`v=1&preset=quick&tour=${step}`);
  });

  it('reads links that were encoded in transit', () => {
    const { state, problems } = readLink('v=1&runs=plain%3Badversarial%2Ceps%3A0.25&hide=%73etup');
    expect(problems).toEqual([]);
    expect(state.setup.entries.map(({ name }) => name)).toEqual(['Plain', 'ABP ε 0.25']);
    expect(state.hiddenPanels).toEqual(['setup']);
  });

  it.each([
    ['seed=3', /^v: Expected 1, .* found nothing\.$/],
    ['v=2&seed=3', /^v: Expected 1, .* found “2”\.$/],
    ['v=1&v=1', /^v: It appears twice/],
    ['v=1&seed=3&seed=4', /^seed: It appears twice/],
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
    ['v=1&runs=plain;plain;plain;plain;plain', /^runs: An experiment has 1 to 4 runs; found 5/],
    ['v=1&runs=plain,seed', /^runs, run 1: “seed” is not a setting/],
    ['v=1&runs=plain,__proto__:1', /^runs, run 1: “__proto__:1” is not a setting/],
    ['v=1&runs=plain;dropout,seed:1,seed:2', /^runs, run 2, seed: It appears twice/],
    ['v=1&runs=adversarial,eps:9', /^runs, run 1, eps: Training ε must be a number from 0 to 1/],
    ['v=1&runs=plain,net:maxout,layers:2048,pieces:8', /^runs, run 1, layers: Hidden layer 1/],
    ['v=1&attack=0.6', /^attack: Expected a number from 0 to 0.5; found “0.6”/],
    ['v=1&smoothing=1', /^smoothing: Expected a number from 0 to 0.95/],
    ['v=1&digit=10', /^digit: Expected a digit from 0 to 9, or all/],
    ['v=1&first=10000', /^first: Expected a whole number from 0 to 9999/],
    [
      'v=1&hide=setup,header',
      /^hide: Expected one or more of train, setup, .*; found “setup,header”/,
    ],
    [
      'v=1&tour=lunch',
      /^tour: Expected one of fooled, draw, train, verdict, or off; found “lunch”/,
    ],
    ['v=1&place=attic', /^place: Expected one of lab, how, .*, files; found “attic”/],
    ['v=1&tab=attic', /^tab: Expected one of methods, step, .*, confusion; found “attic”/],
    ['v=1&hide=setup,setup', /^hide: Expected one or more/],
    ['v=1&outcome=javascript:alert(1)', /^outcome: .*; found “javascript:alert\(1\)”/],
    ['v=1&engine=cpu', /^engine: Expected one of auto, webgl, simd/],
  ])('refuses %s and says why', (link, reason) => {
    const { state, problems } = readLink(link);
    expect(problems[0]).toMatch(reason);
    expect(problems).toHaveLength(1);
    expect(state).toEqual(defaults);
  });

  it('uses the defaults for all fields when one is invalid', () => {
    const { state } = readLink('v=1&preset=tanh&seed=7&attack=0.2&hide=setup&digit=11');
    expect(state).toEqual(defaults);
  });

  describe('ignores what does not belong to the link', () => {
    const clean = 'v=1&preset=tanh&seed=7&runs=plain;adversarial,eps:0.25&attack=0.2&hide=setup';
    const expected = readLink(clean).state;

    it.each([
      [')', '“)”'],
      [',', '“,”'],
      ['.', '“.”'],
      [').', '“).”'],
      ['>', '“>”'],
      ['%20', '“%20”'],
      ['%20%20)', '“%20%20)”'],
      ['%29', '“%29”'],
      ['%E2%80%9D', '“%E2%80%9D”'],
      ['&', '“&”'],
      ['&amp;', '“&amp;”'],
      ['?utm_source=newsletter', '“utm_source=newsletter”'],
      ['&utm_source=newsletter', '“utm_source=newsletter”'],
      ['&amp;utm_source=x&amp;utm_medium=%E0%A4%A', '“utm_source=x”, “utm_medium=%E0%A4%A”'],
      ['#section', '“section”'],
      ['),&fbclid=IwAR0_x-y', '“),”, “fbclid=IwAR0_x-y”'],
      ['&fbclid=a.b)', '“fbclid=a.b)”'],
      ['&method=plain', '“method=plain”'],
      ['&__proto__=1', '“__proto__=1”'],
      ['&constructor', '“constructor”'],
    ])('at its end: %s', (end, leftOut) => {
      const reading = readLink(`#${clean}${end}`);
      expect(reading.problems).toEqual([]);
      expect(reading.leftOut.join(', ')).toBe(leftOut);
      expect(reading.state).toEqual(expected);
    });

    it.each(['seed=7', 'rate=0.01', 'layers=64-32', 'preset=tanh', 'runs=plain;noise', 'digit=3'])(
      'after %s',
      (part) => {
        for (const end of [')', ',', '.', '%20', '&amp;', '&utm_source=x']) {
          const reading = readLink(`v=1&${part}${end}`);
          expect([end, reading.problems]).toEqual([end, []]);
          expect(reading.state).toEqual(readLink(`v=1&${part}`).state);
        }
      },
    );

    it('anywhere, and reads &amp; as & in links from mail programs', () => {
      const { state, problems, leftOut } = readLink(
        `utm_source=x&amp;${clean.replaceAll('&', '&amp;')}`,
      );
      expect(problems).toEqual([]);
      expect(leftOut).toEqual(['“utm_source=x”']);
      expect(state).toEqual(expected);
    });

    it('but does not ignore invalid fields', () => {
      for (const end of [')', '&utm_source=x', '%20']) {
        const { state, problems, leftOut } = readLink(`v=1&seed=7&epochs=0${end}`);
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatch(/^epochs: Epochs must be a whole number from 1 to 1000/);
        expect(leftOut).toEqual([]);
        expect(state).toEqual(defaults);
      }
    });
  });

  it('reads numbers in common spellings', () => {
    const { state, problems } = readLink(
      'v=1&rate=0,01&decay=.9&epochs=1e1&images=%2060000&layers=400,300&attack=8/255' +
        '&runs=plain;adversarial,eps:8/255',
    );
    expect(problems).toEqual([]);
    expect(state.attackEpsilon).toBe(8 / 255);
    expect(state.setup.entries[1]!.name).toBe('ABP ε 0.0313725');
    expect(findConfigs(state.setup)![1]).toMatchObject({
      learningRate: 0.01,
      learningRateDecay: 0.9,
      epochs: 10,
      trainingSetSize: 60_000,
      hiddenLayers: [400, 300],
      trainingEpsilon: 8 / 255,
    });
  });

  it.each([
    ['v=1&epochs=1,000', /^epochs: Epochs must be .* to 1000\. “1,000” could mean 1000 or 1/],
    ['v=1&images=60.000', /^images: .*“60\.000” could mean 60000 or 60/],
    ['v=1&rate=1,000', /^rate: Learning rate must be .*“1,000” could mean 1000 or 1/],
    ['v=1&layers=1,024', /^layers: .*“1,024” could mean one layer or two/],
    ['v=1&attack=0,1,2', /^attack: Expected a number from 0 to 0.5; found “0,1,2”/],
  ])('refuses %s, which is ambiguous', (link, reason) => {
    expect(readLink(link).problems).toEqual([expect.stringMatching(reason)]);
  });

  it('refuses links that are far too long', () => {
    const { problems } = readLink(`v=1&seed=${'1'.repeat(100_000)}`);
    expect(problems).toEqual(['The link: Expected at most 4,000 characters; found 100,009.']);
  });

  it('gives few and short error messages without invisible characters', () => {
    const unknown = Array.from({ length: 90 }, (_, i) => `x${i}=1`).join('&');
    expect(readLink(`v=1&${unknown}`).leftOut).toHaveLength(5);
    expect(readLink(`v=1&${unknown}`).leftOut.at(-1)).toBe('86 more');
    const wrong = ['seed', 'rate', 'decay', 'batch', 'epochs', 'digit'].map((name) => `${name}=x`);
    const many = readLink(`v=1&${wrong.join('&')}`);
    expect(many.problems).toHaveLength(5);
    expect(many.problems.at(-1)).toBe('2 more problems.');
    const long = readLink(`v=1&seed=${'a'.repeat(3000)}`);
    expect(long.problems.join('').length).toBeLessThan(140);
    const hidden = readLink('v=1&seed=%E2%80%AE1%00%0A%ED%95%9C');
    expect(hidden.problems[0]).toContain('“�1��한”');
  });

  it('survives 10,000 random links and always returns a setup that can be trained', () => {
    const broken = fc
      .tuple(states, fc.nat(), fc.nat(8), fc.string({ maxLength: 8 }))
      .map(([state, at, length, inserted]) => {
        const link = writeLink(state);
        const start = at % link.length;
        return link.slice(0, start) + inserted + link.slice(start + length);
      });
    const pieces = fc.constantFrom(
      'v=1',
      '&',
      '=',
      ';',
      ',',
      ':',
      'runs',
      'seed',
      'plain',
      '%',
      '1e9',
      '-',
      '__proto__',
      'hide',
      'setup',
      'preset',
      'quick',
      '<script>',
      'javascript:',
      '\u0000',
      '\uD800',
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
          expect(readLink(writeLink(state))).toEqual({ state, problems: [], leftOut: [] });
        }
      }),
      { numRuns: 10_000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 120_000);
});
