/** How a run is drawn everywhere: colour is never the only sign. */
export interface RunLook {
  /** A CSS colour; where the themes need different ones for contrast, both in one. */
  readonly color: string;
  /** Lengths of strokes and gaps; undefined: a whole line. */
  readonly dash: string | undefined;
  readonly marker: 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'star' | 'bar';
}

/**
 * By slot (lab/slots.ts): Okabe and Ito's colours, which colour-blind people can tell apart. Their orange and
 * sky blue are darker on white, where they would fall below a contrast of 3; their blue is lighter on black.
 */
export const runLooks: readonly RunLook[] = [
  { color: 'light-dark(#0072b2, #1f87cf)', dash: undefined, marker: 'circle' },
  { color: 'light-dark(#c07f00, #e69f00)', dash: '8 3', marker: 'square' },
  { color: '#009e73', dash: '2 2', marker: 'triangle' },
  { color: '#cc79a7', dash: '8 3 2 3', marker: 'diamond' },
  { color: 'light-dark(#2a8fcb, #56b4e9)', dash: '5 2', marker: 'cross' },
  { color: '#d55e00', dash: '2 4', marker: 'star' },
  { color: '#8c8c8c', dash: '10 4', marker: 'bar' },
];

export function lookOf({ slot }: { readonly slot: number }): RunLook {
  return runLooks[slot % runLooks.length]!;
}
