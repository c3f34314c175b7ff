/**
 * Writes `schema.ts`, the types of the server extension's answers, from `docs/openapi.json`, which is written from the
 * dataclasses of `conda_store_labext/models/`. With `--check` it only says whether that was done.
 */

import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { URL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const SOURCE = new URL('../../docs/openapi.json', import.meta.url);
const TARGET = new URL('schema.ts', import.meta.url);
const HEAD = `/**
 * The types of the HTTP API, generated from \`docs/openapi.json\` by \`jlpm api:types\`; change those of
 * \`conda_store_labext/models/\` instead.
 */

`;

const { openapi, info, components } = JSON.parse(
  await readFile(SOURCE, 'utf8')
);
const nodes = await openapiTS(
  { openapi, info, paths: {}, components: { schemas: components.schemas } },
  { exportType: true, alphabetize: false }
);
// The types of paths and operations, of which there are none.
const text = astToString(
  nodes.filter(({ name }) => name?.escapedText === 'components')
);
const made = await prettier.format(HEAD + text, {
  ...(await prettier.resolveConfig(TARGET)),
  parser: 'typescript'
});
if (!process.argv.includes('--check')) {
  await writeFile(TARGET, made);
} else if (made !== (await readFile(TARGET, 'utf8').catch(() => ''))) {
  process.stderr.write(
    'src/api/schema.ts is not what docs/openapi.json says: run `jlpm api:types`.\n'
  );
  process.exitCode = 1;
}
