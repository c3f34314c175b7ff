/** Notebooks and their builds. */

export * from './additions';
export * from './additionsitem';
export * from './build';
export * from './folder';
export * from './folderkernel';
export * from './builditem';
export * from './offers';
export * from './opening';
export * from './missingmodule';
export * from './questions';
export * from './findings';
export * from './pendingstarts';
export * from './record';
export * from './shadowing';
export * from './reference';
export * from './kernelitem';
export * from './loaded';
