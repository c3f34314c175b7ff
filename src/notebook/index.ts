/** Notebooks and their builds. */

export * from './build';
export * from './folder';
export * from './item';
export * from './offering';
export * from './offers';
export * from './record';
export * from './reference';
