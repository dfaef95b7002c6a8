import { createStore, type StoreApi } from 'zustand/vanilla';
import { reportError } from '../../shared/errors.ts';
import type { QuestionOf } from '../../shared/inspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { answeringNetworks } from '../answering.ts';
import { makeAttack } from '../readings.ts';
import type { LabState } from '../state.ts';
import { findCellImages } from './confusion.ts';
import {
  allUnits,
  initialInside,
  type InsideChoices,
  type InsideState,
  type InsideView,
  insideViews,
  type OpenCell,
  outcomeSizes,
  unitsPerPage,
} from './insideState.ts';
import { createLook, type LookKeeper } from './look.ts';
import { findSubject } from './subject.ts';
import { isOldNews } from '../oldNews.ts';

/** Rounds that nobody waits for are at least so far apart. */
const intervalsMs: Readonly<Record<InsideView, number>> = {
  weights: 1500,
  gradients: 1500,
  outcomes: 4000,
  losses: 3000,
};

/** Points of the lines and of the surface's side; odd, so that the digit itself is among them. */
export const linePoints = 41;
export const surfacePoints = 21;
/** The random direction, the same for all networks: that of the page's random signs. */
const directionSeed = 1;
/** Images of a cell that are shown at first, and more of them by each press. */
export const picturesPerPage = 24;
/** What one question may ask for. */
const maxPictures = 96;

/** Looks into the networks: one view at a time, only while it is looked at. */
export interface Inside {
  readonly store: Pick<StoreApi<InsideState>, 'getState' | 'subscribe'>;
  /** Which view is on the screen; null: none. */
  show(view: InsideView | null): void;
  choose(changes: Partial<InsideChoices>): void;
  /** Shows the images of a cell of a confusion matrix; the matrices stand still meanwhile. */
  openCell(cell: Pick<OpenCell, 'networkId' | 'isAttacked' | 'label' | 'answer'>): void;
  showMorePictures(): void;
  closeCell(): void;
}

export function createInside(
  lab: Pick<StoreApi<LabState>, 'getState' | 'subscribe'>,
  getClient: () => TrainingClient | null,
): Inside {
  const inside = createStore<InsideState>(() => initialInside);
  const { getState, setState } = inside;
  const ports = { lab, inside, getClient };

  const looks: Readonly<Record<InsideView, LookKeeper>> = {
    weights: createLook(ports, 'weights', intervalsMs.weights, () => {
      const { firstUnit, areAllUnitsShown } = getState().choices;
      const shown = areAllUnitsShown ? [0, allUnits] : [firstUnit, unitsPerPage];
      return { kind: 'weights', first: shown[0]!, count: shown[1]! };
    }),
    gradients: createLook(ports, 'gradients', intervalsMs.gradients, () => {
      const digit = findSubject(getState().choices.subject, lab.getState());
      if (digit === null) return null;
      return {
        kind: 'gradients',
        images: digit.pixels.slice(),
        labels: Uint8Array.of(digit.label),
      };
    }),
    outcomes: createLook(ports, 'outcomes', intervalsMs.outcomes, makeOutcomesQuestion),
    losses: createLook(ports, 'losses', intervalsMs.losses, () => {
      const digit = findSubject(getState().choices.subject, lab.getState());
      const { attackEpsilon: epsilon } = lab.getState();
      if (digit === null) return null;
      return {
        kind: 'losses',
        ...{ image: digit.pixels.slice(), label: digit.label, epsilon, seed: directionSeed },
        ...{ linePoints, surfacePoints },
      };
    }),
  };

  function makeOutcomesQuestion(): QuestionOf<'outcomes'> {
    const { attackKind, outcomeSize } = getState().choices;
    const attack = makeAttack(attackKind, lab.getState().attackEpsilon);
    return { kind: 'outcomes', attack, count: outcomeSizes[outcomeSize] };
  }

  /** While a cell's images are looked at, the matrices must stay those that they are of. */
  function canFollow(view: InsideView): boolean {
    return view !== 'outcomes' || getState().cell === null;
  }

  function refresh(urgency: 'now' | 'soon'): void {
    const { view } = getState();
    if (view === null) return;
    if (urgency === 'now') looks[view][urgency]();
    else if (canFollow(view) && looks[view].isBehind()) looks[view].soon();
  }

  // What is shown follows the race, the digits and the page's attack.
  lab.subscribe((state, before) => {
    if (getState().view === null) return;
    const isOther =
      namesOf(state) !== namesOf(before) ||
      state.attackEpsilon !== before.attackEpsilon ||
      state.examples.images !== before.examples.images ||
      isOtherDrawing(state, before);
    if (isOther) {
      setState({ cell: null });
      refresh('now');
    } else if (state.runs !== before.runs) {
      refresh('soon');
    }
  });

  /** Answers to a drawing change all the time; what matters is the digit that they make of it. */
  function isOtherDrawing(state: LabState, before: LabState): boolean {
    const { subject } = getState().choices;
    if (subject.kind !== 'drawing' || state.drawing === before.drawing) return false;
    const [digit, old] = [findSubject(subject, state), findSubject(subject, before)];
    return digit?.pixels !== old?.pixels || digit?.label !== old?.label;
  }

  function namesOf(state: LabState): string {
    return answeringNetworks(state)
      .map(({ id }) => id)
      .join();
  }

  function setCell(changes: Partial<OpenCell>): void {
    const { cell } = getState();
    if (cell !== null) setState({ cell: { ...cell, ...changes } });
  }

  /** Asks for the pictures of the open cell, from the network that the matrix is of. */
  async function loadPictures(): Promise<void> {
    await looks.outcomes.idle();
    const opened = getState().cell;
    const { question, answers } = getState().outcomes;
    const client = getClient();
    const outcomes = opened && answers[opened.networkId]?.answer;
    if (!opened || !outcomes || question === null || client === null) return;
    const { networkId, label, answer, isAttacked, wanted } = opened;
    const { predictions: given } = isAttacked ? outcomes.attacked : outcomes.clean;
    const indices = findCellImages(outcomes.labels, given, label, answer);
    setCell({ indices });
    if (indices.length === 0) return;
    const isLate = (): boolean => getState().cell?.wanted !== wanted || !isSame(opened);
    try {
      const { answer: pictures } = await client.inspect(networkId, {
        kind: 'pictures',
        attack: outcomes.attack,
        indices: indices.slice(0, wanted),
      });
      if (!isLate()) setCell({ pictures });
    } catch (thrown) {
      if (!isLate() && !isOldNews(thrown)) setCell({ error: reportError(thrown) });
    }
  }

  function isSame(cell: OpenCell): boolean {
    const now = getState().cell;
    return (
      now?.networkId === cell.networkId &&
      now.isAttacked === cell.isAttacked &&
      now.label === cell.label &&
      now.answer === cell.answer
    );
  }

  function closeCell(): void {
    const { cell, view } = getState();
    if (cell === null) return;
    setState({ cell: null });
    // What was chosen just before the cell was opened is still to be asked.
    refresh(view !== null && isOutdated(view) ? 'now' : 'soon');
  }

  return {
    store: inside,
    show: (view) => {
      if (getState().view === view) return;
      for (const one of insideViews) looks[one].abandon();
      setState({ view });
      if (view === null) return;
      // What was seen before stays until the networks have moved on; anything else is wanted at once.
      const { question, answers } = getState()[view];
      const ids = answeringNetworks(lab.getState()).map(({ id }) => id);
      if (question === null || ids.some((id) => !(id in answers)) || isOutdated(view)) {
        refresh('now');
      } else {
        refresh('soon');
      }
    },
    choose: (changes) => {
      setState({ cell: null, choices: { ...getState().choices, ...changes } });
      refresh('now');
    },
    openCell: (cell) => {
      setState({
        cell: { ...cell, wanted: picturesPerPage, indices: [], pictures: null, error: null },
      });
      looks.outcomes.cancel();
      void loadPictures();
    },
    showMorePictures: () => {
      const { cell } = getState();
      if (cell === null) return;
      setCell({ wanted: Math.min(maxPictures, cell.wanted + picturesPerPage) });
      void loadPictures();
    },
    closeCell,
  };

  /** Whether the answers shown are to another question than the one that would be asked now. */
  function isOutdated(view: InsideView): boolean {
    const { attackEpsilon } = lab.getState();
    const { outcomes, losses, gradients } = getState();
    const digit = findSubject(getState().choices.subject, lab.getState());
    const isOther = (pixels: Float32Array | undefined, label: number | undefined): boolean =>
      digit !== null &&
      (label !== digit.label || !pixels || digit.pixels.some((pixel, i) => pixel !== pixels[i]));
    switch (view) {
      case 'weights':
        return false;
      case 'outcomes':
        return JSON.stringify(outcomes.question) !== JSON.stringify(makeOutcomesQuestion());
      case 'gradients':
        return isOther(gradients.question?.images, gradients.question?.labels[0]);
      case 'losses':
        return (
          losses.question?.epsilon !== attackEpsilon ||
          isOther(losses.question.image, losses.question.label)
        );
    }
  }
}
