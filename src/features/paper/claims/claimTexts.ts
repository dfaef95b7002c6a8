import type { Claim } from '../../../domain/reproduction.ts';

/** The first of the figures behind an outcome, which stands beside the claim, and the rest. */
export function splitFound(found: string): { readonly figure: string; readonly rest: string } {
  const end = found.indexOf('; ');
  if (end === -1) return { figure: found, rest: '' };
  const rest = found.slice(end + 2);
  return { figure: found.slice(0, end), rest: `${rest[0]!.toUpperCase()}${rest.slice(1)}.` };
}

/** The claims that runs speak of, and those that none does yet. */
export function sortClaims(claims: readonly Claim[]): {
  readonly judged: readonly Claim[];
  readonly notRun: readonly Claim[];
} {
  return {
    judged: claims.filter(({ outcome }) => outcome !== 'not run yet'),
    notRun: claims.filter(({ outcome }) => outcome === 'not run yet'),
  };
}

/** "13 met, 4 missed, 1 not decided": how many claims have each outcome, in the order of their first. */
export function countOutcomes(claims: readonly Claim[]): string {
  const outcomes = claims.map(({ outcome }) => outcome);
  return [...new Set(outcomes)]
    .map((outcome) => `${outcomes.filter((one) => one === outcome).length} ${outcome}`)
    .join(', ');
}
