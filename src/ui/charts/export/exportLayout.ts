/** A chart to export: its size in pixels and its SVG markup, positioned at (0, 0). */
export interface ExportedChart {
  readonly title: string;
  /** Position among the other charts, as on the page. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly markup: string;
}

export interface Picture {
  readonly title: string;
  /** Further information for the reader, one line each. */
  readonly notes: readonly string[];
  /** Their names, and SVG markup of their lines with their marks, 32 × 12 pixels. */
  readonly runs: readonly { readonly name: string; readonly swatch: string }[];
  readonly charts: readonly ExportedChart[];
  readonly colors: { readonly page: string; readonly ink: string; readonly muted: string };
  readonly fontFamily: string;
}

const padding = 24;
const lineHeight = 22;
const swatchRoom = 40;
const legendGap = 24;

/**
 * One SVG with a title, the legend, the charts with their titles, and notes. It has no references to
 * other files.
 *
 * @param measure width of a text in pixels at 14 px
 */
export function composePicture(
  picture: Picture,
  measure: (text: string) => number,
): Pick<ExportedChart, 'width' | 'height' | 'markup'> {
  const { title, notes, runs, charts, colors, fontFamily } = picture;
  const room = Math.max(320, ...charts.map(({ x, width }) => x + width));
  const parts: string[] = [];
  const write = (x: number, y: number, size: number, color: string, text: string, weight = 400) =>
    parts.push(
      `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${color}">${escapeXml(text)}</text>`,
    );
  let y = padding + 20;
  write(padding, y, 20, colors.ink, title, 600);
  y += 12 + lineHeight;
  let x = 0;
  for (const { name, swatch } of runs) {
    const width = swatchRoom + measure(name);
    if (x > 0 && x + width > room) {
      x = 0;
      y += lineHeight;
    }
    parts.push(`<g transform="translate(${padding + x},${y - 10})">${swatch}</g>`);
    write(padding + x + swatchRoom, y, 14, colors.ink, name);
    x += width + legendGap;
  }
  y += 16;
  for (const chart of charts) {
    write(padding + chart.x, y + chart.y + 16, 15, colors.ink, chart.title, 600);
    parts.push(
      `<g transform="translate(${padding + chart.x},${y + chart.y + 24})">${chart.markup}</g>`,
    );
  }
  y += 24 + Math.max(0, ...charts.map((chart) => chart.y + chart.height));
  for (const line of notes.flatMap((note) => wrap(note, room, measure))) {
    y += lineHeight;
    write(padding, y, 13, colors.muted, line);
  }
  const width = Math.ceil(room + 2 * padding);
  const height = Math.ceil(y + padding);
  const markup =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
    ` font-family="${escapeXml(fontFamily)}">` +
    `<rect width="${width}" height="${height}" fill="${colors.page}"/>${parts.join('')}</svg>`;
  return { width, height, markup };
}

/** Lines of a text that are at most `room` pixels wide, broken between words. */
export function wrap(text: string, room: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)!} ${word}` : word;
    if (lines.length > 0 && measure(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
