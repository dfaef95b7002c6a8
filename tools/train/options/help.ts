import { type OptionEntry, optionGroups } from './optionTable.ts';

const lineWidth = 80;
const helpColumn = 26;

/** Breaks text into lines of at most `width` characters; a longer word gets a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/**
 * The help of a command.
 *
 * @param intro lines before the options, and `outro` after them
 */
export function writeHelp(
  intro: readonly string[],
  groups: Readonly<Record<string, Readonly<Record<string, OptionEntry>>>>,
  outro: readonly string[],
): string {
  const lines = [...intro];
  for (const [title, group] of Object.entries(groups)) {
    lines.push('', `${title}:`);
    for (const [name, { value, help }] of Object.entries(group)) {
      const label = `  --${name}${value === null ? '' : ` ${value}`}`;
      wrap(help, lineWidth - helpColumn).forEach((line, i) =>
        lines.push((i === 0 ? label : '').padEnd(helpColumn) + line),
      );
    }
  }
  lines.push('', ...outro);
  return lines.map((line) => line.trimEnd()).join('\n') + '\n';
}

export function helpText(): string {
  return writeHelp(
    [
      'Trains a network on MNIST, or on data like it, and reports its error each epoch.',
      '',
      'Usage: npm run --silent train -- [options]',
    ],
    optionGroups,
    [
      'Exit codes: 0 done, 1 training failed, 2 wrong option or data, 130 Ctrl-C. Ctrl-C',
      'ends the current step and saves what --save names; a second one does not wait.',
    ],
  );
}
