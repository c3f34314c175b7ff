/** The time that the list takes with 100, 1,000 and 10,000 environments, and how much it fetches. */

import { test, type Page } from '@playwright/test';
import { openLab } from '../tests/lab';
import { seed, unseed } from '../tests/seeds';
import { ADDRESSES } from '../tests/servers';

const SIZES = [100, 1_000, 10_000];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** The text to search for: it matches one environment at every size. */
const SEARCH = '-00042';

/** Milliseconds and bytes of one round. */
interface ISample {
  first: number;
  firstBytes: number;
  search: number;
  searchBytes: number;
}

/** Run `act` in the page, and return the milliseconds until `selector` matches so many elements. */
function until(page: Page, act: string, selector: string, exactly: number) {
  return page.evaluate(
    ([act, selector, exactly]) =>
      new Promise<number>(resolve => {
        const start = performance.now();
        const look = () => {
          const count = document.querySelectorAll(selector as string).length;
          if (exactly ? count === exactly : count > 0) {
            // The frame that shows it.
            requestAnimationFrame(() => resolve(performance.now() - start));
          } else {
            requestAnimationFrame(look);
          }
        };
        new Function(act as string)();
        look();
      }),
    [act, selector, exactly] as const
  );
}

async function measure(page: Page): Promise<ISample> {
  let bytes = 0;
  const pending: Promise<void>[] = [];
  page.on('requestfinished', request => {
    if (/\/conda-store\/(environments|namespaces)\?/.test(request.url())) {
      pending.push(
        request.sizes().then(sizes => {
          bytes += sizes.responseBodySize + sizes.responseHeadersSize;
        })
      );
    }
  });
  const taken = async () => {
    // The last requests begin when the first rows are drawn.
    await page.waitForTimeout(1500);
    await page.waitForLoadState('networkidle');
    await Promise.all(pending);
    const sum = bytes;
    bytes = 0;
    return sum;
  };
  await openLab(page, ADDRESSES.store);
  await taken();
  const rows = '#conda-store-panel [data-kind="environment"]';
  const tab = '.lm-TabBar-tab[data-id="conda-store-panel"]';
  const first = await until(
    page,
    `const tab = document.querySelector('${tab}');
     const { x, y, width, height } = tab.getBoundingClientRect();
     for (const type of ['pointerdown', 'pointerup', 'click']) {
       tab.dispatchEvent(new PointerEvent(type, {
         bubbles: true, clientX: x + width / 2, clientY: y + height / 2
       }));
     }`,
    rows,
    0
  );
  const firstBytes = await taken();
  const search = await until(
    page,
    `const box = document.querySelector('#conda-store-panel input');
     Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(box, '${SEARCH}');
     box.dispatchEvent(new Event('input', { bubbles: true }));`,
    rows,
    1
  );
  return { first, firstBytes, search, searchBytes: await taken() };
}

const median = (numbers: number[]) =>
  numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

test('the list', async ({ browser }) => {
  test.setTimeout(1_800_000);
  const samples = new Map<number, ISample[]>(SIZES.map(size => [size, []]));
  try {
    // One round to warm up; the sizes take turns.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const size of SIZES) {
        seed(size);
        const context = await browser.newContext();
        const sample = await measure(await context.newPage());
        await context.close();
        if (round > 0) {
          samples.get(size)!.push(sample);
        }
      }
    }
  } finally {
    unseed();
  }
  const of = (size: number, key: keyof ISample) =>
    median(samples.get(size)!.map(sample => sample[key]));
  const lines = SIZES.map(size => {
    const ratio = (key: keyof ISample) =>
      (of(size, key) / of(SIZES[0], key)).toFixed(2);
    const kilobytes = (key: keyof ISample) => (of(size, key) / 1000).toFixed(1);
    return [
      size.toLocaleString('en'),
      of(size, 'first').toFixed(0),
      ratio('first'),
      kilobytes('firstBytes'),
      of(size, 'search').toFixed(0),
      ratio('search'),
      kilobytes('searchBytes')
    ];
  });
  const head = [
    'environments',
    'first row ms',
    'ratio',
    'kB',
    'keystroke to list ms',
    'ratio',
    'kB'
  ];
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
  console.log(
    [row(head), row(head.map(() => '---:')), ...lines.map(row)].join('\n')
  );
});
