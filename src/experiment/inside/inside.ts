import { createStore, type StoreApi } from 'zustand/vanilla';
import { shallow } from 'zustand/shallow';
import type { TrainingClient } from '../../worker/client.ts';
import { makeAttack } from '../runs/measurements.ts';
import { findSelectedDigit, pixelsOf } from '../selectedDigit.ts';
import { type LabReader, onChange } from '../slices.ts';
import { createCellSamples, maxSamples, samplesPerPage } from './cellSamples.ts';
import {
  allUnits,
  type CellPlace,
  initialInside,
  type InsideChoices,
  type InsideState,
  type InsideView,
  predictionSizes,
  unitsPerPage,
} from './insideState.ts';
import { createInspection } from './inspection.ts';

/** Points per line and per side of the surface; odd, so that the digit itself is one of them. */
const linePoints = 41;
const surfacePoints = 21;
/** The random direction, the same for all networks: the page's random signs. */
const directionSeed = 1;

/** Inspects the networks: one view at a time, only while it is visible. */
export interface Inside {
  readonly store: Pick<StoreApi<InsideState>, 'getState' | 'subscribe'>;
  /** The visible view, or null. */
  show(view: InsideView | null): void;
  choose(changes: Partial<InsideChoices>): void;
  /** Shows the images of a cell of a confusion matrix; the matrices stay frozen meanwhile. */
  openCell(cell: CellPlace): void;
  showMoreSamples(): void;
  closeCell(): void;
}

export function createInside(lab: LabReader, getClient: () => TrainingClient | null): Inside {
  const inside = createStore<InsideState>(() => initialInside);
  const { getState, setState } = inside;
  const ports = { lab, inside, getClient };

  const weights = createInspection(ports, 'weights', {
    intervalMs: 1500,
    parts: () => {
      const { firstUnit, areAllUnitsShown } = getState().choices;
      return areAllUnitsShown
        ? { first: 0, count: allUnits }
        : { first: firstUnit, count: unitsPerPage };
    },
    makeQuestion: ({ first, count }) => ({ kind: 'weights', first, count }),
  });
  const gradients = createInspection(ports, 'gradients', {
    intervalMs: 1500,
    parts: () => findSelectedDigit(lab.getState()),
    makeQuestion: (digit) => ({
      kind: 'gradients',
      images: pixelsOf(digit),
      labels: Uint8Array.of(digit.label),
    }),
  });
  const attackPredictions = createInspection(ports, 'attackPredictions', {
    intervalMs: 4000,
    parts: () => {
      const { attackKind, predictionSize } = getState().choices;
      const { attackEpsilon } = lab.getState();
      return { attackKind, attackEpsilon, count: predictionSizes[predictionSize] };
    },
    makeQuestion: ({ attackKind, attackEpsilon, count }) => ({
      kind: 'attackPredictions',
      attack: makeAttack(attackKind, attackEpsilon),
      count,
    }),
    // The worker keeps a snapshot of the networks of the newest predictions to read a cell's images.
    isPaused: () => getState().cell !== null,
  });
  const losses = createInspection(ports, 'losses', {
    intervalMs: 3000,
    parts: () => {
      const digit = findSelectedDigit(lab.getState());
      return digit && { ...digit, epsilon: lab.getState().attackEpsilon };
    },
    makeQuestion: ({ images, index, label, epsilon }) => ({
      kind: 'losses',
      image: pixelsOf({ images, index }),
      label,
      epsilon,
      seed: directionSeed,
      linePoints,
      surfacePoints,
    }),
  });
  const samples = createCellSamples(inside, getClient);
  const queries = [weights, gradients, attackPredictions, losses, samples];
  /** What the open cell's matrix depends on. */
  let cellKey: object | null = null;

  function refresh(): void {
    // The matrix of the cell is about to change, or its network was removed.
    if (getState().cell !== null && !shallow(cellKey, attackPredictions.key()))
      setState({ cell: null });
    for (const query of queries) query.refresh();
  }

  inside.subscribe(refresh);
  onChange(
    lab,
    [
      'runs',
      'pretrained',
      'customData',
      'attackEpsilon',
      'selectedDigit',
      'examples',
      'drawing',
      'engine',
    ],
    refresh,
  );

  return {
    store: inside,
    show: (view) => setState({ view }),
    choose: (changes) => setState({ choices: { ...getState().choices, ...changes } }),
    openCell: (cell) => {
      cellKey = attackPredictions.key();
      setState({
        cell: { ...cell, wanted: samplesPerPage, indices: [], samples: null, error: null },
      });
    },
    showMoreSamples: () => {
      const { cell } = getState();
      if (cell === null) return;
      setState({ cell: { ...cell, wanted: Math.min(maxSamples, cell.wanted + samplesPerPage) } });
    },
    closeCell: () => setState({ cell: null }),
  };
}
