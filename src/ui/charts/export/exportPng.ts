import { cursorClass } from '../plot.ts';
import { composePicture, type ExportedChart, type Picture } from './exportLayout.ts';
import { paintingContext } from '../../images/paintingContext.ts';

/** Pixels of the file per pixel of the page. */
const resolution = 2;
/** Computed styles that are copied into the picture's elements; this also resolves CSS variables. */
const copiedStyles = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

/**
 * The charts inside an element as a PNG, as they are drawn now, with the visible runs in the legend and the
 * theme's colors.
 */
export async function renderPng(
  root: HTMLElement,
  options: Pick<Picture, 'title' | 'notes'>,
): Promise<Blob> {
  const style = getComputedStyle(root);
  const canvas = document.createElement('canvas');
  const context = paintingContext(canvas);
  if (!context) throw new Error('This browser gives no canvas to draw the picture on.');
  context.font = '14px system-ui, sans-serif';
  const shown = root.querySelectorAll<HTMLElement>('[aria-pressed="true"]');
  const { width, height, markup } = composePicture(
    {
      ...options,
      runs: [...shown].map((button) => ({
        name: button.textContent,
        swatch: copySvg(button.querySelector('svg')!),
      })),
      charts: findCharts(root),
      colors: {
        page: style.getPropertyValue('--page'),
        ink: style.getPropertyValue('--ink'),
        muted: style.getPropertyValue('--muted'),
      },
      fontFamily: style.fontFamily,
    },
    (text) => context.measureText(text).width,
  );
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await image.decode();
  canvas.width = width * resolution;
  canvas.height = height * resolution;
  context.scale(resolution, resolution);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('This browser could not turn the picture into a PNG.'));
    }, 'image/png');
  });
}

function findCharts(root: HTMLElement): ExportedChart[] {
  const figures = [...root.querySelectorAll<HTMLElement>('[data-chart]')];
  const svgs = figures.map((figure) => figure.querySelector<SVGSVGElement>('svg.recharts-surface'));
  const boxes = svgs.map((svg) => svg?.getBoundingClientRect() ?? new DOMRect());
  const left = Math.min(...boxes.map((box) => box.left));
  // Captions between stacked charts are left out of the picture.
  const tops = [...new Set(boxes.map((box) => Math.round(box.top)))].sort((a, b) => a - b);
  let below = 0;
  const rows = new Map<number, number>();
  for (const top of tops) {
    rows.set(top, below);
    const inRow = boxes.filter((box) => Math.round(box.top) === top);
    below += Math.max(...inRow.map(({ height }) => height)) + 40;
  }
  return figures.flatMap((figure, index) => {
    const svg = svgs[index];
    const box = boxes[index]!;
    if (!svg) return [];
    const y = rows.get(Math.round(box.top))!;
    const { width, height } = box;
    const title = figure.dataset.chart ?? '';
    return [{ title, x: box.left - left, y, width, height, markup: copySvg(svg) }];
  });
}

/** SVG markup with its computed styles inlined. */
function copySvg(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const style = getComputedStyle(originals[index]!);
    element.removeAttribute('class');
    element.removeAttribute('style');
    for (const property of copiedStyles) {
      element.setAttribute(property, style.getPropertyValue(property));
    }
  });
  for (const omitted of copy.querySelectorAll(`.${cursorClass}, title, desc`)) omitted.remove();
  for (const attribute of ['class', 'style', 'role', 'tabindex']) copy.removeAttribute(attribute);
  copy.setAttribute('width', String(svg.clientWidth));
  copy.setAttribute('height', String(svg.clientHeight));
  return new XMLSerializer().serializeToString(copy);
}
