/** The browser, the loaders through which it finds the driver, and a font, without which it cannot show text. */
export const browserPackages = [
  'chromium-headless-shell',
  'libegl1',
  'libgles2',
  'fonts-dejavu-core',
];

/** Packages that are followed: libraries, and the browser's files. Its scripts and settings are not needed. */
const wanted = /^(lib|zlib|chromium-|fonts-dejavu-core$)/;
/** The C library must be the machine's own, as must the drivers. */
const unwanted = /^lib(c6|gcc-s1|stdc\+\+6|.*mesa.*|gl1.*|llvm.*|drm-.*)$/;

/**
 * The packages that some need, themselves included.
 *
 * @param depends prints what packages depend on, as `apt-cache depends` does
 */
export function findClosure(
  names: readonly string[],
  depends: (names: readonly string[]) => string,
): string[] {
  const found = new Set<string>();
  let next = [...names];
  while (next.length > 0) {
    for (const name of next) found.add(name);
    const text = depends(next);
    const all = [...text.matchAll(/^ [ |](?:Pre)?Depends: (\S+)/gm)].map((match) => match[1]!);
    next = [...new Set(all)].filter(
      (name) => wanted.test(name) && !unwanted.test(name) && !found.has(name),
    );
  }
  return [...found].toSorted();
}
