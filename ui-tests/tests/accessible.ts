/** Violations that axe finds in our own nodes. */

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { inTheDark } from './shades';

/** Return the violations of some nodes, in the dark too: a text each that begins with how bad it is. */
export async function violations(
  page: Page,
  selectors: string[],
  except: string[] = []
): Promise<string[]> {
  const look = async (rules: string[]) => {
    let builder = new AxeBuilder({ page });
    for (const selector of selectors) {
      builder = builder.include(selector);
    }
    for (const selector of except) {
      builder = builder.exclude(selector);
    }
    if (rules.length) {
      builder = builder.withRules(rules);
    }
    const { violations: found } = await builder.analyze();
    return found.flatMap(({ id, impact, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${impact} ${id}: ${html}\n${failureSummary}`
      )
    );
  };
  const found = await look([]);
  // Nothing but the colours is another in the dark.
  await inTheDark(page, async () => {
    found.push(...(await look(['color-contrast'])));
  });
  return found;
}

/** See that axe finds nothing serious. */
export async function accessible(
  page: Page,
  ...selectors: string[]
): Promise<void> {
  const found = await violations(page, selectors);
  expect(found.filter(one => /^(serious|critical) /.test(one))).toEqual([]);
}
