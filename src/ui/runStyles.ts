/** The style of a run on the whole page; color is never the only cue. */
export interface RunStyle {
  /** A CSS color; if the themes need different ones for contrast, one value holds both. */
  readonly color: string;
  /** Lengths of strokes and gaps, or undefined for a solid line. */
  readonly dash: string | undefined;
  readonly marker:
    | 'circle'
    | 'square'
    | 'triangle'
    | 'diamond'
    | 'cross'
    | 'star'
    | 'bar'
    | 'down'
    | 'hourglass';
}

/**
 * Indexed by paletteIndex (experiment/setup/paletteIndices.ts): Okabe and Ito's colors, which color-blind people can distinguish. Their
 * orange and sky blue are darker on white, where their contrast would be below 3; their blue is lighter on black. The last
 * one is not theirs.
 */
export const runStyles: readonly RunStyle[] = [
  { color: 'light-dark(#0072b2, #1f87cf)', dash: undefined, marker: 'circle' },
  { color: 'light-dark(#c07f00, #e69f00)', dash: '8 3', marker: 'square' },
  { color: '#009e73', dash: '2 2', marker: 'triangle' },
  { color: '#cc79a7', dash: '8 3 2 3', marker: 'diamond' },
  { color: 'light-dark(#2a8fcb, #56b4e9)', dash: '5 2', marker: 'cross' },
  { color: '#d55e00', dash: '2 4', marker: 'star' },
  { color: '#8c8c8c', dash: '10 4', marker: 'bar' },
  { color: 'light-dark(#24292f, #e6e6e6)', dash: '4 4', marker: 'down' },
  { color: 'light-dark(#6b4fb3, #a48fe0)', dash: '12 3 2 3 2 3', marker: 'hourglass' },
];

export function styleOf({ paletteIndex }: { readonly paletteIndex: number }): RunStyle {
  return runStyles[paletteIndex % runStyles.length]!;
}
