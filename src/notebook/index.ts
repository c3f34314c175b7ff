/** Notebooks and their builds. */

export * from './build';
export * from './folder';
export * from './builditem';
export * from './offers';
export * from './opening';
export * from './questions';
export * from './findings';
export * from './record';
export * from './reference';
export * from './kernelitem';
