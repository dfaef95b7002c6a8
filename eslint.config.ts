import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import type { Linter } from 'eslint';
import globals from 'globals';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Data flows one way: shared ← data ← engine ← worker ← lab ← features ← app (docs/architecture.md).
 * Each entry names the rooms that a room may import from; anything else under src/ is an error.
 */
const rooms = [
  'shared',
  'data',
  'engine',
  'worker',
  'lab',
  'features',
  'ui',
  'app',
  'cli',
] as const;
type Room = (typeof rooms)[number];
const mayImport: Record<Room, readonly Room[]> = {
  shared: [],
  data: ['shared'],
  engine: ['data', 'shared'],
  worker: ['engine', 'data', 'shared'],
  lab: ['shared'],
  features: ['lab', 'ui', 'shared'],
  ui: ['shared'],
  app: ['features', 'lab', 'ui', 'shared', 'worker'],
  cli: ['engine', 'data', 'shared'],
};

const importDirections: Linter.Config[] = rooms.map((room) => {
  const forbidden = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const patterns = [
    {
      regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
      message: `src/${room} may import only from: ${[room, ...mayImport[room]].join(', ')}.`,
    },
  ];
  // The lab talks to the worker through its client alone, the app too.
  if (room === 'lab') {
    patterns[0]!.regex = `^(\\.\\./)+(${forbidden.filter((r) => r !== 'worker' && r !== 'data').join('|')})/`;
    // A drawing becomes an input on the page, before any worker is asked.
    patterns.push({
      regex: '^(\\.\\./)+data/(?!drawing/)',
      message: 'Of data/, the lab needs only data/drawing: the rest belongs to the workers.',
    });
  }
  if (room === 'lab' || room === 'app') {
    patterns.push({
      regex: '^(\\.\\./)+worker/(?!client|api)',
      message: 'Talk to the worker through worker/client.ts.',
    });
  }
  if (room === 'features') {
    patterns.push({
      regex: '^\\.\\./(?!\\.\\./)',
      message: 'Features never import one another: share through lab/ or ui/.',
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
    files: ['src/{lab,features,ui,app}/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat['recommended-latest'],
  },
  ...importDirections,
  {
    files: ['src/{features,ui}/**/*.{ts,tsx}'],
    ignores: ['src/ui/paintingContext.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='getContext']",
          message: 'Use ui/paintingContext.ts: a canvas on the graphics processor blocks the page.',
        },
      ],
    },
  },
  {
    files: ['scripts/**', '*.config.ts', 'e2e/**'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
  prettier,
);
