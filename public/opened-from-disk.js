// Browsers load neither modules nor workers from file:// addresses, so that only this script runs there.
if (location.protocol === 'file:') {
  document.getElementById('root').innerHTML =
    '<p role="alert">This page was opened from the disk, and browsers let it load nothing from there. It needs a ' +
    'server: run <code>npx serve</code> or <code>python3 -m http.server</code> in its folder, and open the address ' +
    'that is printed.</p>';
}
