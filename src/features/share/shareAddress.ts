import { writeLink } from '../../experiment/link/link.ts';
import type { LinkedState } from '../../experiment/link/linkFields.ts';

/** The address of this page with the state in its fragment. */
export function addressOf(state: LinkedState): string {
  const { origin, pathname, search } = window.location;
  return `${origin}${pathname}${search}#${writeLink(state)}`;
}
