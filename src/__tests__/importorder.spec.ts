/** The order of imports holds in nested folders. */

import { execFileSync } from 'child_process';
import { join } from 'path';

/** Modules with what they import, and whether the order lets them. */
const IMPORTS: [string, string, boolean][] = [
  ['src/widgets/panel/row.tsx', '../../commands', false],
  ['src/widgets/panel/row.tsx', '../../commands/dialogs', false],
  ['src/widgets/labels.ts', '../commands', false],
  ['src/model/page/details.ts', '../../widgets/labels', false],
  ['src/model/page/details.ts', '../../plugins', false],
  ['src/api/http.ts', '../tokens', false],
  ['src/specification/edits.ts', '../api', false],
  ['src/tokens.ts', './model', false],
  ['src/widgets/panel/row.tsx', '../labels', true],
  ['src/widgets/panel/row.tsx', '../../model', true],
  ['src/model/page/details.ts', '../../api/request', true],
  ['src/plugins/notebook.ts', '../commands', true]
];

/** Prints of each how many complaints there are, by the entries of `eslint.config.mjs` for the order alone. */
const SCRIPT = `
  import { Linter } from 'eslint';
  import { importOrder } from './eslint.config.mjs';
  const linter = new Linter({ cwd: process.cwd() });
  const imports = JSON.parse(process.argv[1]);
  const complaints = ([filename, from]) =>
    linter.verify('import ' + JSON.stringify(from), importOrder, { filename });
  console.log(JSON.stringify(imports.map(source => complaints(source).map(({ ruleId }) => ruleId))));
`;

it('ESLint refuses what comes from a layer below or beside, and nothing else', () => {
  const arguments_ = ['--input-type=module', '-e', SCRIPT];
  const output = execFileSync(
    process.execPath,
    [...arguments_, JSON.stringify(IMPORTS)],
    { cwd: join(__dirname, '..', '..'), encoding: 'utf8' }
  );
  expect(JSON.parse(output)).toEqual(
    IMPORTS.map(([, , allowed]) => (allowed ? [] : ['no-restricted-imports']))
  );
});
