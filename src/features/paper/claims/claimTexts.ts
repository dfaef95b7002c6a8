import type { Claim } from '../../../domain/reproduction.ts';
import { minSeeds } from '../../../domain/statistics.ts';

/** How outcomes are decided (tools/reproduce/document/claims.ts). */
export const claimRule = `95 % intervals over at least ${minSeeds} seeds decide: a claim is met if the whole interval agrees with it, missed if the whole interval contradicts it, otherwise not decided.`;

/** The first of the figures behind an outcome, which stands beside the claim, and the rest. */
export function splitFound(found: string): { readonly figure: string; readonly rest: string } {
  const end = found.search(/[;:] /);
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
