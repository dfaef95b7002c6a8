import { describe, expect, it } from 'vitest';
import { Lockstep } from './lockstep.ts';

function setUp(...runs: string[]) {
  const allowed: Record<string, number> = {};
  const lockstep = new Lockstep((runId, epoch) => (allowed[runId] = epoch));
  for (const run of runs) lockstep.join(run);
  return { lockstep, allowed };
}

describe('Lockstep', () => {
  it('lets a run train as far as the slowest of the others', () => {
    const { lockstep, allowed } = setUp('a', 'b', 'c');
    lockstep.reach('a', 0.5);
    expect(allowed).toEqual({}); // no run may go further: b and c are at 0
    lockstep.reach('b', 0.3);
    expect(allowed).toEqual({ c: 0.3 });
    lockstep.reach('c', 0.4);
    expect(allowed).toEqual({ a: 0.3, b: 0.4, c: 0.3 });
  });

  it('never waits for a run that has ended', () => {
    const { lockstep, allowed } = setUp('a', 'b');
    lockstep.reach('a', 0.5);
    lockstep.leave('b');
    expect(allowed['a']).toBe(Infinity);
  });

  it('always lets the slowest run continue', () => {
    const { lockstep, allowed } = setUp('a', 'b', 'c');
    const reached: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 100; i++) {
      const run = 'abc'[(i * 7) % 3]!;
      reached[run]! += ((i * 13) % 5) / 10 + 0.01;
      lockstep.reach(run, reached[run]!);
      const slowest = Math.min(...Object.values(reached));
      const first = Object.keys(reached).find((id) => reached[id] === slowest)!;
      expect(allowed[first] ?? 0).toBeGreaterThanOrEqual(slowest);
    }
  });

  it('ignores runs that never joined', () => {
    const { lockstep, allowed } = setUp('a');
    lockstep.reach('x', 3);
    lockstep.leave('y');
    expect(allowed).toEqual({});
  });
});
