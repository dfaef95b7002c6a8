/**
 * `npm run icons`: makes the pictures with which systems show the installed page, from its icon (public/favicon.svg).
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { browserLaunchOptions } from './browser.ts';

const folder = path.join(import.meta.dirname, '..', 'public');
const icon = readFileSync(path.join(folder, 'favicon.svg'), 'utf8');
/** Systems cut a shape of their own out of it: no corners, and the drawing within the middle four fifths. */
const whole = icon
  .replace(/ rx="\d+"/, '')
  .replace(/(<path[^]*)<\/svg>/, '<g transform="translate(3.2 3.2) scale(0.8)">$1</g></svg>');

const pictures = [
  { name: 'icon-192', size: 192, svg: icon },
  { name: 'icon-512', size: 512, svg: icon },
  { name: 'maskable-512', size: 512, svg: whole },
  { name: 'apple-touch', size: 180, svg: whole },
];

mkdirSync(path.join(folder, 'icons'), { recursive: true });
const browser = await chromium.launch(browserLaunchOptions());
for (const { name, size, svg } of pictures) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
  const file = path.join('icons', `${name}.png`);
  await page.screenshot({ path: path.join(folder, file), omitBackground: true });
  console.log(`Wrote public/${file}`);
}
await browser.close();
