import { useEffect, useState } from 'react';

/** Milliseconds between charts that change together, so that each is drawn in a separate task. */
const pauseMs = 40;

const waiting: (() => void)[] = [];
let isWaking = false;

function wakeNext(): void {
  const wake = waiting.shift();
  isWaking = wake !== undefined;
  if (wake === undefined) return;
  wake();
  // Counted from the end of this task, so that slow drawing still leaves a pause before the next one.
  setTimeout(wakeNext, pauseMs);
}

/** False at first, and true when its turn has come: charts that appear together are drawn one per task. */
export function useTurn(): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const wake = (): void => setDue(true);
    waiting.push(wake);
    if (!isWaking) {
      isWaking = true;
      setTimeout(wakeNext);
    }
    return () => {
      const place = waiting.indexOf(wake);
      if (place !== -1) waiting.splice(place, 1);
    };
  }, []);
  return isDue;
}

/** A value that changes `order` pauses after it was changed. */
export function useStaggered<T>(value: T, order: number): T {
  const [shown, setShown] = useState<{ readonly value: T }>({ value });
  useEffect(() => {
    const timer = setTimeout(() => setShown({ value }), order * pauseMs);
    return () => clearTimeout(timer);
  }, [value, order]);
  return order === 0 ? value : shown.value;
}
