import js from '@eslint/js';
import jupyterPlugin from '@jupyter/eslint-plugin';
import prettierRecommended from 'eslint-plugin-prettier/recommended';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * The order of imports below `src/`: a module may import from the layers above its own line only.
 * `widgets`, `commands` and `notebook` do not know each other; `plugins` wire them.
 */
const LAYERS = [
  ['api', 'specification', 'icons', 'translation'],
  ['tokens'],
  ['model'],
  ['widgets', 'commands', 'notebook'],
  ['plugins'],
  ['index']
];

/** What the modules of its own line may import, too. */
const EVERYWHERE = ['icons', 'translation'];

/** How deep below `src/` the modules of a layer may lie. */
const DEPTH = 4;

/** The ESLint entries that forbid each layer to import from its own line's neighbours and from below. */
export const importOrder = LAYERS.slice(0, -1).flatMap((layer, line) =>
  layer.flatMap(name => {
    const forbidden = [
      ...layer.filter(other => other !== name && !EVERYWHERE.includes(other)),
      ...LAYERS.slice(line + 1).flat()
    ].join('|');
    return Array.from({ length: DEPTH }, (_, depth) => ({
      files: depth
        ? [`src/${name}${'/*'.repeat(depth)}.{ts,tsx}`]
        : [`src/${name}.{ts,tsx}`],
      ignores: ['src/**/__tests__/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                regex: `^${depth ? '(\\.\\./)'.repeat(depth) : '\\./'}(${forbidden})(/|$)`,
                message: `'${name}' stands above this module: see LAYERS in eslint.config.mjs.`
              }
            ]
          }
        ]
      }
    }));
  })
);

export default defineConfig([
  {
    ignores: [
      '**/node_modules',
      '**/*.d.ts',
      '**/*.js',
      '.venv',
      'build',
      'conda_store_labext',
      'coverage',
      'dist',
      'lib'
    ]
  },
  js.configs.recommended,
  tseslint.configs.recommended,
  { plugins: { jupyter: jupyterPlugin } },
  jupyterPlugin.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.es2015 }
    },
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.property.name=/^_(_|n|p|np)$/]:not([callee.object.name='trans']):not([callee.object.object.type='ThisExpression'][callee.object.property.name=/^_?trans$/])",
          message:
            "JupyterLab's extraction of texts finds them in trans.__(), this.trans.__() and this._trans.__() alone."
        }
      ],
      'prefer-arrow-callback': 'error'
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/__tests__/**'],
    languageOptions: { parserOptions: { project: 'tsconfig.json' } }
  },
  ...importOrder,
  {
    // The sidebar shows the panel at the start, so nothing of it can wait.
    files: ['src/index.ts', 'src/plugins/*.ts'],
    rules: { 'jupyter/prefer-lazy-imports': 'off' }
  },
  {
    // The browser tests do without galata, which switches authentication off.
    files: ['ui-tests/**/*.ts'],
    rules: {
      'jupyter/galata-prefer-filebrowser-helper': 'off',
      'jupyter/galata-prefer-notebook-cell-helper': 'off'
    }
  },
  prettierRecommended
]);
