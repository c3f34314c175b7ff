/** The path that a command acts on. */

import { pathOf } from '../commands/target';

it.each([
  [{ path: 'named.ipynb', isContextMenu: true }, 'named.ipynb'],
  [{ path: '' }, ''],
  [{ isContextMenu: true }, 'selected.ipynb'],
  [{}, 'open.ipynb'],
  [{ path: 1 }, 'open.ipynb']
])('of %j is %s', (args, path) => {
  const current = (inBrowser: boolean) =>
    inBrowser ? 'selected.ipynb' : 'open.ipynb';
  expect(pathOf(args, current)).toBe(path);
});

it('is null where nothing is open', () => {
  expect(pathOf({}, () => null)).toBeNull();
});
