/** What stands in for a Jupyter server, its commands and its user in the tests. */

export * from './api';
export * from './commands';
export * from './nouns';
export * from './person';
