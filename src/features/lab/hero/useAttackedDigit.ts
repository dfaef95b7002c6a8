import { useEffect, useState } from 'react';
import { fetchUnlessStalled } from '../../../domain/fetchUnlessStalled.ts';
import { attackedDigitFile, firstScreen } from '../../../experiment/drawing/firstScreen.ts';

/**
 * The attacked versions of one of the first screen's digits at all prepared ε, from a file of its own. It is fetched when it is
 * first wanted, so that the first screen does not wait for it; null until then, and where it cannot be fetched.
 *
 * @param digit null while nothing is wanted
 */
export function useAttackedDigit(digit: number | null): Uint8Array | null {
  const [found, setFound] = useState<ReadonlyMap<number, Uint8Array>>(new Map());
  const isKnown = digit === null || found.has(digit);
  useEffect(() => {
    if (isKnown) return;
    const controller = new AbortController();
    fetchImages(digit, controller.signal).then(
      (bytes) => setFound((known) => new Map(known).set(digit, bytes)),
      () => undefined, // the clean digit stays in its place
    );
    return () => controller.abort();
  }, [digit, isKnown]);
  return digit === null ? null : (found.get(digit) ?? null);
}

async function fetchImages(digit: number, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetchUnlessStalled(new URL(attackedDigitFile(digit), document.baseURI), {
    signal,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { networks, preparedEpsilons } = firstScreen;
  const size = networks.length * preparedEpsilons.length * 784;
  // A host may answer with a page that says "not found".
  if (!response.ok || bytes.length !== size) throw new Error(`Expected ${size} bytes.`);
  return bytes;
}
