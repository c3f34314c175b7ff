/** Lists of environments that the server does not have. */

import type { Page } from '@playwright/test';

/** The requests for a list. */
export const ENVIRONMENTS = /\/conda-store\/environments\?/;

/** A row as the server extension gives it. */
export function row(namespace: string, name: string, id: number, rest = {}) {
  return {
    id,
    namespace,
    name,
    description: '',
    current_build_id: 1000 + id,
    status: 'COMPLETED',
    launchable: true,
    running_build_id: null,
    running_status: null,
    may: [],
    ...rest
  };
}

/** Let the server have these environments. */
export async function listing(
  page: Page,
  rows: { namespace: string }[]
): Promise<void> {
  const spaces = [...new Set(rows.map(({ namespace }) => namespace))];
  await page.route(/\/conda-store\/namespaces\?/, route =>
    route.fulfill({
      json: {
        namespaces: spaces.map(name => ({
          name,
          environments: rows.filter(row => row.namespace === name).length,
          may: []
        }))
      }
    })
  );
  await page.route(ENVIRONMENTS, route => {
    const query = new URL(route.request().url()).searchParams;
    const [number, size] = [
      Number(query.get('page')),
      Number(query.get('size'))
    ];
    const namespace = query.get('namespace');
    const found = rows.filter(row => !namespace || row.namespace === namespace);
    const environments = found.slice((number - 1) * size, number * size);
    return route.fulfill({
      json: { environments, page: number, size, count: found.length }
    });
  });
}
