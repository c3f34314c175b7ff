export type { IPair } from './changes';
export { EnvironmentPageModel } from './environmentpage';
export { PageRefresher } from './pagerefresher';
export type { Section } from './sections';
export { SECTIONS } from './sections';
