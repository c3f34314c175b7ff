/** A specification as text: what it says, what is wrong with it, and how to change it. */

export type { IEntry, IPackageEntry, ISpecificationContent } from './document';
export { readContent } from './document';
export {
  addPackage,
  addPip,
  newSpecification,
  removePackage,
  removePip,
  setChannels,
  setDescription,
  setName,
  updatePackage,
  updatePip
} from './edits';
export { isKernelPackage, missingKernel } from './kernels';
export {
  isMatchSpec,
  joinMatchSpec,
  packageName,
  splitMatchSpec
} from './matchspec';
export { NAME_PATTERN, problemsOf, renamingProblem } from './problems';
export type { IProblem, Severity } from './report';
