/** Ten thousand environments in the conda-store's database, for as long as tests want them. */

import { execFileSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { PLACES } from './servers';

const DATABASE = join(PLACES.folder, 'local', 'conda-store.sqlite');

/** Tell whether there is a database to write to: not with a conda-store from elsewhere. */
export const CAN_SEED = (): boolean => existsSync(DATABASE);

function run(script: string): void {
  execFileSync('python', ['-c', script, DATABASE], {
    cwd: join(__dirname, '..', '..')
  });
}

/** Add so many environments; the server runs meanwhile. */
export function seed(count: number): void {
  run(
    `import sys, pathlib, tests.seeding as s; s.seed(pathlib.Path(sys.argv[1]), ${count})`
  );
}

/** Take them away again. */
export function unseed(): void {
  run(
    'import sys, pathlib, tests.seeding as s; s.unseed(pathlib.Path(sys.argv[1]))'
  );
}
