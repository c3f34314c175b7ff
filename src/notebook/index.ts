/** Notebooks and their builds. */

export * from './build';
export * from './item';
export * from './offers';
export * from './record';
