/** The packages that bring a Jupyter kernel along. */

import { packageName, requirementName } from './matchspec';
import type { ISpecificationContent } from './document';

/**
 * Packages whose names do not tell, in conda's spelling; `tests/specifications/shared.json` holds them and the
 * server's together.
 */
const KERNEL_PACKAGES = new Set([
  'almond',
  'ark',
  'calysto',
  'deno',
  'evcxr_jupyter',
  'gonb',
  'gophernotes',
  'ihaskell',
  'ijavascript',
  'ijulia',
  'ipykernel',
  'ipyparallel',
  'iruby',
  'jupyter',
  'jupyter_console',
  'jupyterlab',
  'nb_conda_kernels',
  'notebook',
  'qtconsole',
  'qtconsole-base',
  'r-irkernel',
  'sagelib',
  'sos-notebook',
  'spyder-kernels',
  'tslab'
]);

/** Names that tell: `xeus-python`, `bash_kernel`, `octave-kernel`, `kotlin-jupyter-kernel`. */
const KERNEL_NAME = /^xeus-|[-_]kernel$|^calysto[-_]/;

/** Tell whether a package, by its bare name, is known to bring a kernel. */
export function isKernelPackage(name: string): boolean {
  return KERNEL_PACKAGES.has(name) || KERNEL_NAME.test(name);
}

/**
 * The kernel package to add where none is listed.
 *
 * @returns null when there is one, or when nothing is listed at all.
 */
export function missingKernel(content: ISpecificationContent): string | null {
  const conda = content.packages.map(entry => packageName(entry.text));
  const pip = content.pip.map(entry => requirementName(entry.text));
  if (!conda.length || [...conda, ...pip].some(isKernelPackage)) {
    return null;
  }
  const python = conda.some(name => name === 'python');
  const r = conda.some(name => name === 'r' || name.startsWith('r-'));
  return r && !python ? 'r-irkernel' : 'ipykernel';
}
