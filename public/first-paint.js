// Runs before the page is painted, and without the page's modules.
if (location.protocol === 'file:') {
  // Browsers load neither modules nor workers from file:// addresses, so that only this script runs there.
  addEventListener('DOMContentLoaded', () => {
    document.getElementById('root').innerHTML =
      '<p role="alert">This page was opened from the disk, and browsers let it load nothing from there. It needs a ' +
      'server: run <code>npx serve</code> or <code>python3 -m http.server</code> in its folder, and open the address ' +
      'that is printed.</p>';
  });
} else {
  /** @type {Record<string, string>} */
  let stored = {};
  try {
    stored = localStorage;
  } catch {
    // Blocked.
  }
  // As Mantine does it later.
  const chosen = stored['mantine-color-scheme-value'];
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const { dataset } = document.documentElement;
  dataset.mantineColorScheme = isDark ? 'dark' : 'light';
  // A link may open another place, and a saved drawing is another digit.
  if (location.hash === '' && stored.drawing === undefined) dataset.firstScreen = '';
}
