import type { Plugin } from 'vite';

/** Asks for the text font before the scripts arrive: text that is drawn again when its font arrives moves the page. */
export function preloadFont(): Plugin {
  return {
    name: 'preload-font',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) => {
        const file = Object.keys(bundle).find((name) => /inter-latin-wght-.*\.woff2$/.test(name));
        if (file === undefined) throw new Error('The build has no Latin part of the font Inter.');
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '' };
        return [{ tag: 'link', attrs: { ...attrs, href: `./${file}` }, injectTo: 'head' }];
      },
    },
  };
}
