/**
 * Asks again for style sheets that have not arrived. The code that Vite adds to an import() asks for each only once,
 * and after a failure would show the imported part without its styles.
 */
export async function reloadStyles(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  await Promise.all(links.filter((link) => !hasArrived(link)).map(reload));
}

function hasArrived({ sheet }: HTMLLinkElement): boolean {
  try {
    return sheet !== null && sheet.cssRules.length > 0;
  } catch {
    return false; // Chrome has a sheet that cannot be read in the place of one that did not arrive
  }
}

function reload(link: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = link.cloneNode() as HTMLLinkElement;
    next.addEventListener('load', () => resolve());
    next.addEventListener('error', () => reject(new Error(`${link.href} did not load.`)));
    link.replaceWith(next);
  });
}
