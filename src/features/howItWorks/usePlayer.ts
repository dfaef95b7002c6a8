import { useCallback, useEffect, useRef, useState } from 'react';
import { lastPosition } from './stages/stages.ts';

/** Milliseconds that a stage takes to unfold, and that it then stays to be read. */
const unfoldMs = 2600;
const stayMs = 3400;

export interface Player {
  /** 0 to 5; see stageAt. */
  readonly position: number;
  readonly isPlaying: boolean;
  /** The next stage at once; from the start at the end, and where nothing but the first stage was seen. */
  readonly play: () => void;
  readonly pause: () => void;
  /** Goes to a place and stays there. */
  readonly goTo: (position: number) => void;
}

/**
 * Plays the five stages slowly, once through.
 *
 * @param isStill the person wants no motion: nothing plays
 */
export function usePlayer(isStill: boolean): Player {
  const [position, setPosition] = useState(1);
  const [isStarted, setPlaying] = useState(false);
  const isPlaying = isStarted && !isStill;
  /** The position that the frame loop goes on from. */
  const place = useRef(1);
  const move = useCallback((next: number) => {
    place.current = next;
    setPosition(next);
  }, []);

  useEffect(() => {
    if (!isPlaying) return;
    let frame = 0;
    let lastMs = performance.now();
    let stayedMs = stayMs; // who presses Play sees something move
    const advance = (nowMs: number): void => {
      // A tab that was hidden goes on where it was.
      const elapsed = Math.min(100, Math.max(0, nowMs - lastMs));
      lastMs = nowMs;
      const at = place.current;
      const isAtEnd = at > 0 && Number.isInteger(at);
      if (isAtEnd && stayedMs < stayMs) {
        stayedMs += elapsed;
      } else if (at >= lastPosition) {
        setPlaying(false);
        return;
      } else {
        stayedMs = 0;
        const next = at + elapsed / unfoldMs;
        // A stage ends exactly at its number.
        const end = Math.floor(at + 1e-9) + 1;
        move(Math.min(next, end));
      }
      frame = requestAnimationFrame(advance);
    };
    frame = requestAnimationFrame(advance);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, move]);

  const goTo = useCallback(
    (next: number) => {
      setPlaying(false);
      move(next);
    },
    [move],
  );
  const play = useCallback(() => {
    if (place.current >= lastPosition || place.current === 1) move(0);
    setPlaying(true);
  }, [move]);
  const pause = useCallback(() => setPlaying(false), []);
  return { position, isPlaying, play, pause, goTo };
}
