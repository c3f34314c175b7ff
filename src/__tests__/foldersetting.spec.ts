/** The setting that gives folders their environments. */

import { nearest, parseReference } from '../notebook';

describe('the setting of folders', () => {
  it('names builds as people do', () => {
    expect(parseReference(' team/ml:12 ')).toEqual({
      namespace: 'team',
      environment: 'ml',
      build_id: 12
    });
    expect(parseReference('team/ml')?.build_id).toBeNull();
    for (const odd of ['', 'ml', 'a/b/c', 'a/b:latest', 'a b/c']) {
      expect(parseReference(odd)).toBeNull();
    }
  });

  it('holds for the folders below, the nearest one first', () => {
    const folders = { '': 'a/top', 'x/y': 'a/near', z: '' };
    expect(nearest(folders, 'x/y/deep')).toBe('a/near');
    expect(nearest(folders, 'x')).toBe('a/top');
    expect(nearest(folders, 'x/yy')).toBe('a/top');
    expect(nearest(folders, 'z')).toBe('a/top');
    expect(nearest({ x: 'a/b' }, '')).toBe('');
  });
});
