import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import type { Linter } from 'eslint';
import globals from 'globals';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The rooms of src/, and the rooms that each may import from (docs/architecture.md). Anything else is an error. */
const mayImport = {
  domain: [],
  formats: ['domain'],
  digits: ['domain'],
  data: ['domain'],
  engine: ['data', 'domain'],
  worker: ['engine', 'data', 'domain'],
  experiment: ['worker', 'formats', 'digits', 'domain'],
  features: ['experiment', 'ui', 'digits', 'domain'],
  ui: ['domain'],
  app: ['features', 'experiment', 'worker', 'ui', 'domain'],
} as const;
type Room = keyof typeof mayImport;
const rooms = Object.keys(mayImport) as Room[];

const importDirections: Linter.Config[] = rooms.map((room) => {
  const allowed: readonly Room[] = [room, ...mayImport[room]];
  const forbidden = rooms.filter((other) => !allowed.includes(other));
  const patterns = [
    {
      regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
      message: `src/${room} may import only from: ${allowed.join(', ')}.`,
    },
    {
      regex: '^(\\.\\./)+tools/',
      message: 'Tools use the sources, never the other way round.',
    },
  ];
  if (room === 'experiment' || room === 'app') {
    patterns.push({
      regex: '^(\\.\\./)+worker/(?!client|api)',
      message:
        'The page talks to the worker through worker/client.ts and the types of worker/api.ts.',
    });
  }
  if (room === 'features') {
    patterns.push({
      regex: `^(\\.\\./)+(?!(\\.\\.|results|${rooms.join('|')})/)[^/]+/`,
      message: 'Features never import one another: share through experiment/ or ui/.',
    });
  }
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    ignores: ['src/**/*.test.{ts,tsx}'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

export default defineConfig(
  globalIgnores([
    'src/engine/backends/simd/kernels',
    'dist',
    'dist-small',
    '.cache',
    'test-results',
    'playwright-report',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.worker.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['src/{features,ui,app}/**/*.{ts,tsx}', 'src/experiment/**/use*.ts'],
    ...reactHooks.configs.flat['recommended-latest'],
  },
  ...importDirections,
  {
    files: ['src/{features,ui}/**/*.{ts,tsx}'],
    ignores: ['src/ui/images/paintingContext.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='getContext']",
          message:
            'Use ui/images/paintingContext.ts: a canvas on the graphics processor blocks the page.',
        },
      ],
    },
  },
  {
    files: ['tools/**', '*.config.ts', 'e2e/**'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
  prettier,
);
