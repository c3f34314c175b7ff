/** The stand-ins of the tests for a Jupyter server, its commands and its user. */

export * from './api';
export * from './commands';
export * from './nouns';
export * from './person';
