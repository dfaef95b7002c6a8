import type { Plugin } from 'vite';

/** Asks for React's renderer beside the first script, which loads it as a part of its own (app/main.tsx). */
export function preloadRenderer(): Plugin {
  return {
    name: 'preload-renderer',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) => {
        const file = Object.values(bundle).find(
          (part) =>
            part.type === 'chunk' &&
            part.moduleIds.some((id) => id.includes('react-dom-client.production')),
        );
        if (file === undefined) throw new Error('The build has no part with React’s renderer.');
        const attrs = { rel: 'modulepreload', crossorigin: '', href: `./${file.fileName}` };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}
