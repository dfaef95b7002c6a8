import { readLink, writeLink } from '../../src/experiment/link/link.ts';
import { defaultState, type LinkedState } from '../../src/experiment/link/linkFields.ts';
import { presets, setupOfPreset } from '../../src/experiment/setup/presets.ts';
import type { Chance } from './chance.ts';

const characters = Array.from(
  '=&,.;:+-_%#?!"\'()[]{}<>\\/ eEvε∞０١\u0000\u202e\ud83d0123456789abcxyz',
);

/** Something that is wrong in one place, as what people paste often is. */
function damage(link: string, { below, choose }: Chance): string {
  const at = below(link.length + 1);
  const rest = link.slice(at);
  switch (below(6)) {
    case 0: // another character
      return link.slice(0, at) + choose(characters) + rest.slice(1);
    case 1: // some more characters
      return link.slice(0, at) + choose(characters).repeat(1 + below(30)) + rest;
    case 2: // cut off
      return link.slice(0, at);
    case 3: {
      // another value
      const parts = link.split('&');
      const index = below(parts.length);
      const [name = ''] = parts[index]!.split('=');
      const values = ['', '-1', '1e300', 'NaN', 'yes', '0x10', '9'.repeat(40), '0,25', '٠٫٢'];
      parts[index] = `${name}=${choose(values)}`;
      return parts.join('&');
    }
    case 4: // a part twice
      return `${link}&${choose(link.split('&'))}`;
    default: // what mail programs and advertisers add
      return link + choose([')', '.', ',', '%20', '&utm_source=x', '&amp;', '>', '”', '&fbclid=1']);
  }
}

/**
 * Reads links that are damaged in one to four places. A link has to be read as what it holds, which is then written and
 * read as the same again, or as the defaults with a message that says why.
 *
 * @returns what went wrong
 * @throws nothing: `readLink` must not
 */
export function tryLinks(chance: Chance, count: number) {
  const faults: string[] = [];
  let read = 0;
  const states: LinkedState[] = [
    defaultState,
    ...presets.map((preset) => ({ ...defaultState, setup: setupOfPreset(preset) })),
    { ...defaultState, attackEpsilon: 0.25, place: 'robustness', tab: 'bounds' },
  ];
  const links = states.map(writeLink);
  for (let i = 0; i < count; i++) {
    let link = chance.choose(links);
    for (let times = 1 + chance.below(4); times > 0; times--) link = damage(link, chance);
    try {
      const { state, problems } = readLink(link);
      if (problems.length > 0) continue;
      read++;
      const again = writeLink(state);
      const second = readLink(again);
      if (second.problems.length > 0 || writeLink(second.state) !== again) {
        faults.push(`${JSON.stringify(link)} is read, but not as what is written again: ${again}`);
      }
    } catch (error) {
      faults.push(`${JSON.stringify(link)} throws ${String(error)}`);
    }
  }
  return {
    faults,
    figures: `${count.toLocaleString('en-US')} links, ${read.toLocaleString('en-US')} of them read`,
  };
}
