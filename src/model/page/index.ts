export type { IPair } from './changes';
export type { Section } from './environmentpage';
export { EnvironmentPageModel, SECTIONS } from './environmentpage';
export { PageRefresher } from './pagerefresher';
