import { crc32, deflateSync } from 'node:zlib';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import react from '@vitejs/plugin-react';
import { createServer, type Plugin } from 'vite';
import { paintDigit, sideOf } from '../../src/ui/images/pixels.ts';

type LabModule = typeof import('../../src/experiment/lab.ts');
type AppModule = typeof import('../../src/app/App.tsx');

/** The page as a first visitor sees it at once, as HTML, without what only tests and scripts need. */
async function renderFirstScreen(root: string): Promise<string> {
  const server = await createServer({
    configFile: false,
    root,
    plugins: [react()],
    mode: 'production',
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  try {
    const { createLab } = (await server.ssrLoadModule('/src/experiment/lab.ts')) as LabModule;
    const { App } = (await server.ssrLoadModule('/src/app/App.tsx')) as AppModule;
    const lab = createLab(
      () => {
        throw new Error('A page that is only rendered needs no engine.');
      },
      null,
      () => new Promise(() => undefined), // the networks are on their way
      null,
      () => undefined, // the engine never begins
    );
    const html = renderToStaticMarkup(createElement(App, { lab, onShown: () => undefined }));
    const { base } = lab.store.getState().drawing.pad;
    if (base === null) throw new Error('The first screen has no digit on the pad.');
    return drawCanvases(html, paintDigit(base)).replaceAll(/ data-testid="[^"]*"/g, '');
  } finally {
    await server.close();
  }
}

/** Canvases as images; the only one that does not say its pixels is the pad. */
function drawCanvases(html: string, pad: Uint8ClampedArray): string {
  return html.replaceAll(/<canvas([^>]*)><\/canvas>/g, (_, attributes: string) => {
    const [said, pixels] = / data-pixels="([^"]*)"/.exec(attributes) ?? [];
    const bytes = pixels === undefined ? pad : Buffer.from(pixels, 'base64');
    // Width and height are sizes on the page for an image, and of the bitmap for a canvas.
    const others = attributes
      .replace(said ?? '', '')
      .replaceAll(/ (?:width|height)="\d+"/g, '')
      .replace('aria-label', 'alt');
    return `<img${others} src="data:image/png;base64,${encodePng(bytes).toString('base64')}">`;
  });
}

/**
 * A square picture as a PNG file, without its opacity.
 *
 * @param rgba [side × side × 4]
 * @see https://www.w3.org/TR/png-3/
 */
function encodePng(rgba: Uint8ClampedArray | Uint8Array): Buffer {
  const side = sideOf(rgba);
  const isGray = rgba.every((value, i) => i % 4 === 3 || value === rgba[i - (i % 4)]);
  const channels = isGray ? 1 : 3;
  const rows = Array.from({ length: side }, (_, row) => {
    const pixels = rgba.subarray(4 * side * row, 4 * side * (row + 1));
    return [0, ...pixels.filter((__, i) => i % 4 < channels)]; // 0: no filter
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, isGray ? 0 : 2], 8); // 8 bits of gray, or of red, green and blue
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Uint8Array.from(rows.flat()), { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** @throws Error if the styles have no rule for a class of the HTML's CSS modules, whose names are made of hashes */
function checkClasses(html: string, styles: string): void {
  for (const [, names] of html.matchAll(/ class="([^"]*)"/g)) {
    for (const name of names!.split(' ').filter((one) => one.startsWith('_'))) {
      if (!styles.includes(`.${name}`)) throw new Error(`The styles have no class ${name}.`);
    }
  }
}

/**
 * Puts the first screen into the built page, so that it is there before any script has run. It is a picture: it takes
 * neither focus nor clicks, and React's first rendering replaces it. public/first-paint.js shows it to those who will
 * see the same screen then.
 */
export function prerender(): Plugin {
  let root = '';
  return {
    name: 'prerender',
    apply: 'build',
    configResolved: (config) => {
      root = config.root;
    },
    transformIndexHtml: {
      order: 'post',
      handler: async (page, { bundle = {} }) => {
        const html = await renderFirstScreen(root);
        const styles = Object.values(bundle).flatMap((part) =>
          part.type === 'asset' && part.fileName.endsWith('.css') ? [String(part.source)] : [],
        );
        checkClasses(html, styles.join('\n'));
        const place = '<!-- first screen -->';
        if (!page.includes(place)) throw new Error(`index.html has no ${place}.`);
        return page.replace(place, () => `<div class="first-screen" inert>${html}</div>`);
      },
    },
  };
}
