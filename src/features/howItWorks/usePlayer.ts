import { useCallback, useEffect, useRef, useState } from 'react';
import { lastPosition } from './stages/stages.ts';

/** Milliseconds that a stage takes to unfold, and that it then stays on the screen for reading. */
const unfoldMs = 2600;
const stayMs = 3400;

export interface Player {
  /** 0 to 5; see stageAt. */
  readonly position: number;
  readonly isPlaying: boolean;
  /** Plays from the next stage; from the start at the end, and when only the first stage was shown. */
  readonly play: () => void;
  readonly pause: () => void;
  readonly goTo: (position: number) => void;
}

/**
 * Plays the five stages slowly, once through.
 *
 * @param isStill whether the user prefers reduced motion; then nothing plays
 */
export function usePlayer(isStill: boolean): Player {
  const [position, setPosition] = useState(1);
  const [isStarted, setPlaying] = useState(false);
  const isPlaying = isStarted && !isStill;
  /** The position from which the frame loop continues. */
  const place = useRef(1);
  const move = useCallback((next: number) => {
    place.current = next;
    setPosition(next);
  }, []);

  useEffect(() => {
    if (!isPlaying) return;
    let frame = 0;
    let lastMs = performance.now();
    let stayedMs = stayMs; // so that something moves right after Play is pressed
    const advance = (nowMs: number): void => {
      // A tab that was hidden continues where it stopped.
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
        // A stage ends exactly at its own number.
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
