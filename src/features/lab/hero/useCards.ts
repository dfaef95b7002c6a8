import { useMemo } from 'react';
import type { SearchResult } from '../../../experiment/drawing/drawingState.ts';
import {
  cutAttackedDigit,
  decodePixels,
  findFirstDigit,
  findPrepared,
  firstScreen,
  padDigit,
} from '../../../experiment/drawing/firstScreen.ts';
import { isPadEmpty } from '../../../experiment/drawing/pad.ts';
import { findPrediction, type Prediction } from '../../../experiment/drawing/prediction.ts';
import type { TrainingMethod } from '../../../domain/settings/config.ts';
import { methodFacts } from '../../../domain/settings/methods.ts';
import { assignPaletteIndices } from '../../../experiment/setup/paletteIndices.ts';
import { drawableNetworks, drawnNetworks } from '../../../experiment/runs/answering.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { useLabList } from '../../../experiment/useLabList.ts';
import { type RunStyle, styleOf } from '../../../ui/runStyles.ts';
import { drawnName, useDrawnData } from '../pad/useNetworks.ts';
import type { HeadlineState } from './headline.ts';
import { useAttackedDigit } from './useAttackedDigit.ts';

/** What is known of a network and the digit on the pad. */
export interface Card {
  readonly id: string;
  readonly name: string;
  /** Within a sentence: "plain", "ABP". */
  readonly shortName: string;
  readonly method: TrainingMethod;
  readonly runStyle: RunStyle;
  readonly before: Prediction | null;
  readonly after: Prediction | null;
  /** [784] the attacked digit. */
  readonly image: Float32Array | null;
  /** The smallest ε found that fools it, and the largest one proven not to. */
  readonly smallest: {
    /** Null if the search found none. */
    readonly epsilon: number | null;
    readonly searchedUpTo: number;
    readonly proven: number;
  } | null;
}

/** Its image is that at the first screen's ε, and null for digits that the first screen does not begin with. */
type PreparedCard = Card & { readonly afterAt: readonly Prediction[] };

/** The cards that were made, by digit. */
const made = new Map<number, readonly PreparedCard[]>();

/** The id that a network of the file has once it is loaded. */
function idOf({ id }: Pick<(typeof firstScreen)['networks'][number], 'id'>): string {
  return `pretrained-${id}`;
}

/** The cards of a digit of the first screen, from the file that comes with the page. */
function prepare(digit: number): readonly PreparedCard[] {
  const known = made.get(digit);
  if (known !== undefined) return known;
  const methods = firstScreen.networks.map(({ id }) => id);
  const paletteIndices = assignPaletteIndices(methods);
  const cards = firstScreen.networks.map(({ id, digits }, at) => {
    const { before, after, image, smallestEpsilon, provenEpsilon } = digits[digit]!;
    return {
      id: idOf({ id }),
      name: methodFacts[id].shortName,
      shortName: inSentence(methodFacts[id].shortName),
      method: id,
      runStyle: styleOf({ paletteIndex: paletteIndices[at]! }),
      before,
      after: after[findPrepared(firstScreen.attackEpsilon)]!,
      afterAt: after,
      image: image === undefined ? null : decodePixels(image),
      smallest: {
        epsilon: smallestEpsilon,
        searchedUpTo: smallestEpsilon ?? 0.5,
        proven: provenEpsilon,
      },
    };
  });
  made.set(digit, cards);
  return cards;
}

/**
 * The ε whose predictions the cards show from the page's file while there are no networks: the nearest one in the file.
 * Null if the cards show nothing from the file or what it has is not about this attack.
 */
export function findShownEpsilon(state: LabState): number | null {
  const { drawing, attackEpsilon } = state;
  const { kind, target } = drawing.attack;
  if (drawableNetworks(state).length > 0 || findFirstDigit(drawing) < 0) return null;
  if (kind !== 'margin-pgd' || target !== null) return null;
  return attackEpsilon === 0 ? 0 : firstScreen.preparedEpsilons[findPrepared(attackEpsilon)]!;
}

/** One card for each network, from the networks' own predictions or, until these are there, from the page's file. */
export function useCards(): readonly Card[] {
  const networks = useLabList((state) =>
    drawnNetworks(state).map((network) => ({
      id: network.id,
      name: drawnName(network),
      paletteIndex: network.paletteIndex,
      method: network.config.method,
    })),
  );
  const input = useLab(({ drawing }) => drawing.input);
  const predictions = useLab(({ drawing }) => drawing.predictions);
  const attacked = useLab(({ drawing }) => drawing.attacked);
  // A search for a target says nothing about the smallest nudge to any other digit.
  const search = useLab(({ drawing }) => (drawing.search?.target === null ? drawing.search : null));
  // Networks whose search was about the weights that they have now.
  const searched = useLab(({ drawing: { search: present }, runs }) =>
    Object.entries(present?.results ?? {})
      .filter(
        ([id, { step }]) => step === (runs.find((run) => run.id === id)?.progress?.step ?? null),
      )
      .map(([id]) => id)
      .join(' '),
  );
  const firstDigit = useLab(({ drawing }) => findFirstDigit(drawing));
  const shownEpsilon = useLab(findShownEpsilon);
  const isFileAttack = useLab(
    ({ drawing: { attack }, attackEpsilon }) =>
      attack.kind === 'margin-pgd' &&
      attack.target === null &&
      attackEpsilon === firstScreen.attackEpsilon,
  );
  const isAwaited = networks.some(
    ({ id }) =>
      firstScreen.networks.some((one) => id === idOf(one)) &&
      (attacked?.input !== input || attacked?.results[id] === undefined),
  );
  /** The ε at which cards show the file's attacked digit: until there are networks, and then until they have attacked it. */
  const fileEpsilon =
    networks.length === 0
      ? shownEpsilon
      : isFileAttack && isAwaited
        ? firstScreen.attackEpsilon
        : null;
  const hasImage = firstDigit === padDigit && fileEpsilon === firstScreen.attackEpsilon;
  const isWanted = firstDigit >= 0 && fileEpsilon !== null && fileEpsilon !== 0 && !hasImage;
  const attackedDigit = useAttackedDigit(isWanted ? firstDigit : null);
  return useMemo(() => {
    const fromFile = firstDigit < 0 ? [] : prepare(firstDigit);
    if (networks.length === 0) {
      return (firstDigit < 0 ? prepare(0) : fromFile).map((card, at) => ({
        ...card,
        ...(firstDigit < 0 && { before: null }),
        image: findImage(card, at, fileEpsilon, attackedDigit),
        after: findAfter(card, shownEpsilon),
        ...(firstDigit < 0 && { image: null, smallest: null }),
      }));
    }
    return networks.map(({ id, name, paletteIndex, method }) => {
      const at = fromFile.findIndex((card) => card.id === id);
      const file = fromFile[at];
      const result = attacked?.input === input ? attacked?.results[id] : undefined;
      const isSearched = input !== null && searched.split(' ').includes(id);
      const found = isSearched ? search?.results[id] : undefined;
      const own = input === null ? undefined : predictions[id];
      const isAlone = networks.filter((one) => one.method === method).length === 1;
      return {
        id,
        name: isAlone ? methodFacts[method].shortName : name,
        shortName: inSentence(isAlone ? methodFacts[method].shortName : name),
        method,
        runStyle: styleOf({ paletteIndex }),
        before: own ? findPrediction(own) : (file?.before ?? null),
        after: result?.after ?? (isFileAttack ? (file?.after ?? null) : null),
        image: result?.image ?? (file ? findImage(file, at, fileEpsilon, attackedDigit) : null),
        smallest: found ? describeFound(found) : search?.trial ? null : (file?.smallest ?? null),
      };
    });
  }, [
    networks,
    input,
    predictions,
    attacked,
    search,
    searched,
    firstDigit,
    shownEpsilon,
    fileEpsilon,
    isFileAttack,
    attackedDigit,
  ]);
}

/** The attacked digit at a prepared ε; null without an attack, and until its images are there. */
function findImage(
  card: PreparedCard,
  network: number,
  epsilon: number | null,
  attackedDigit: Uint8Array | null,
): Float32Array | null {
  if (epsilon === null || epsilon === 0) return null;
  if (epsilon === firstScreen.attackEpsilon && card.image !== null) return card.image;
  return attackedDigit && cutAttackedDigit(attackedDigit, network, findPrepared(epsilon));
}

function findAfter(card: PreparedCard, epsilon: number | null) {
  if (epsilon === null) return null;
  return epsilon === 0 ? card.before : card.afterAt[findPrepared(epsilon)]!;
}

function describeFound({ found, failedEpsilon, provenEpsilon }: SearchResult): Card['smallest'] {
  const epsilon = found?.epsilon ?? null;
  return { epsilon, searchedUpTo: failedEpsilon, proven: provenEpsilon ?? 0 };
}

/** "Plain" as "plain"; "ABP" stays. */
function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** What the headline is about. */
export function useHeadlineState(cards: readonly Card[]): HeadlineState {
  const pad = useLab(({ drawing: { pad: present } }) =>
    isPadEmpty(present) ? 'empty' : present.strokes.length > 0 ? 'drawing' : 'test digit',
  );
  const isRejected = useLab(({ drawing }) => drawing.input === null);
  const firstDigit = useLab(({ drawing }) => findFirstDigit(drawing));
  const isFirst = useLab(
    ({ drawing, attackEpsilon, runs }) =>
      drawing.past.length === 0 && runs.length === 0 && attackEpsilon === firstScreen.attackEpsilon,
  );
  // While a new attack is computed, the page shows the one before.
  const epsilon = useLab((state) => {
    const { attacked, input } = state.drawing;
    if (attacked !== null && attacked.input === input) return attacked.attack.epsilon;
    return findShownEpsilon(state) ?? state.attackEpsilon;
  });
  const isMnist = useLab(
    ({ customData, runs }) =>
      customData.loaded === null && runs.every(({ config }) => config.dataSet === null),
  );
  const dataSet = useDrawnData();
  const availability = useLab((state) => {
    if (drawableNetworks(state).length > 0) return 'ready';
    const isBroken = state.pretrainedError !== null || state.engine.status === 'failed';
    return isBroken ? 'unavailable' : 'loading';
  });
  return {
    pad: isRejected && firstDigit < 0 ? 'empty' : pad,
    availability,
    isFirst,
    // Networks trained on other images have classes, and no digit is right for them.
    label: isMnist && firstDigit >= 0 ? firstDigit : null,
    epsilon,
    networks: cards.map(({ shortName, before, after, smallest }) => ({
      name: shortName,
      before: before?.digit ?? null,
      after: after?.digit ?? null,
      smallestEpsilon: smallest?.epsilon ?? null,
      dataSet,
    })),
  };
}
