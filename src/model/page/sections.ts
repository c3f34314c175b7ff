/** The sections of an environment's page, and what each needs of the server. */

import type { IApi } from '../../api';
import type { EnvironmentPageModel } from './environmentpage';

/** The sections of a page, in their order. */
export const SECTIONS = [
  'builds',
  'packages',
  'specification',
  'log',
  'changes'
] as const;

/** A section of a page. */
export type Section = (typeof SECTIONS)[number];

/** Fetch what the section that is shown needs. */
export async function loadSection(
  page: EnvironmentPageModel,
  api: Pick<IApi, 'buildSpecification' | 'buildChanges'>
): Promise<void> {
  const { section, buildId } = page;
  const { builds } = page.builds;
  const build = builds.find(row => row.id === buildId);
  const version = build?.status ?? '';
  switch (section) {
    case 'builds': {
      const running = builds.find(row => row.status === 'BUILDING');
      await Promise.all([
        page.details.load(builds),
        running && page.log.open(running.id)
      ]);
      break;
    }
    case 'packages':
      await page.packages.open(buildId, version);
      break;
    case 'specification':
      await page.specification.load(
        buildId === null ? null : `${buildId} ${version}`,
        () => api.buildSpecification(buildId!)
      );
      break;
    case 'log':
      await page.log.open(buildId);
      break;
    case 'changes': {
      const { since, id } = page.pair;
      const asked = since !== null && id !== null;
      await page.changes.load(asked ? `${since} ${id}` : null, () =>
        api.buildChanges(id!, since!)
      );
    }
  }
}
