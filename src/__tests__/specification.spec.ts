/** The text of a specification, read and changed by the form. */

import {
  addPackage,
  addPip,
  newSpecification,
  readContent,
  removePackage,
  removePip,
  setChannels,
  setDescription,
  setName,
  updatePackage,
  updatePip
} from '../specification';
import { content, messages, problems, TEXT } from './fake/specification';

describe('What the form shows', () => {
  it('reads the parts and tells of the rest', () => {
    const read = content(TEXT);
    expect(read.name).toBe('data');
    expect(read.channels.map(entry => entry.text)).toEqual([
      'conda-forge',
      'bioconda'
    ]);
    expect(read.packages.map(({ name, constraint }) => [name, constraint]))
      // The third is pip itself.
      .toEqual([
        ['python', '=3.11'],
        ['numpy', '>=1.2,<2'],
        ['pip', '']
      ]);
    expect(read.pip.map(entry => entry.text)).toEqual([
      'rich',
      '--extra-index-url https://index.example'
    ]);
    expect(read.others).toEqual(['variables', 'unknown']);
  });

  it.each([
    'name: [',
    '- a\n- b\n',
    'just text',
    'channels: conda-forge\n',
    'dependencies: {a: 1}\n',
    'dependencies:\n- pip: rich\n',
    'name: a\nname: b\n'
  ])('is nothing when the text is %j', text => {
    expect(readContent(text)).toBeNull();
  });

  it.each(['', '# nothing yet\n', '---\n', 'name:\nchannels:\n'])(
    'is empty when the text is %j',
    text => {
      expect(content(text)).toMatchObject({ name: '', packages: [], pip: [] });
    }
  );
});

describe('An edit', () => {
  const rest = (text: string) => text.split('\n').slice(2).join('\n');

  it('changes what it is for and nothing else', () => {
    const named = setName(TEXT, 'other');
    expect(named.split('\n')[1]).toBe('name: other # short');
    expect(rest(named)).toBe(rest(TEXT));
    expect(updatePackage(TEXT, 0, { name: 'python', constraint: '3.12' })).toBe(
      TEXT.replace('python=3.11', 'python=3.12')
    );
    expect(addPackage(TEXT, ' pandas ')).toBe(
      TEXT.replace('  - pip\n', '  - pip\n  - pandas\n')
    );
    expect(removePackage(TEXT, 1)).toBe(
      TEXT.replace('  - "numpy>=1.2,<2"\n', '')
    );
    expect(updatePip(TEXT, 0, 'rich>13')).toBe(
      TEXT.replace('- rich #', '- rich>13 #')
    );
    expect(addPip(TEXT, 'textual')).toBe(
      TEXT.replace('example\n', 'example\n      - textual\n')
    );
  });

  it('moves channels with their comments', () => {
    expect(setChannels(TEXT, ['bioconda', 'conda-forge', 'new'])).toContain(
      'channels:\n  - bioconda\n  - conda-forge # first\n  - new\n'
    );
    expect(setChannels(TEXT, [])).toContain('channels: []\n');
  });

  it('keeps the way that lists are indented and written', () => {
    const flat = 'name: a\nchannels:\n- x\ndependencies:\n- python\n';
    expect(addPackage(flat, 'numpy')).toBe(`${flat}- numpy\n`);
    const flow = 'name: a\nchannels: [x, y]\ndependencies: [python]\n';
    expect(addPackage(flow, 'numpy')).toBe(
      flow.replace('[python]', '[python, numpy]')
    );
  });

  it('does not list a package twice', () => {
    expect(addPackage(TEXT, 'numpy=3')).toBe(TEXT);
  });

  it('fills an empty text', () => {
    const text = addPip(addPackage(setName('', 'a'), 'python'), 'rich');
    expect(text).toBe(
      'name: a\ndependencies:\n  - python\n  - pip\n  - pip:\n      - rich\n'
    );
    expect(removePip(text, 0)).toBe(
      'name: a\ndependencies:\n  - python\n  - pip\n'
    );
  });

  it('puts the last package of all away and another one in its place', () => {
    const text = 'name: a\ndependencies:\n  - python\n';
    const none = removePackage(text, 0);
    expect(none).toBe('name: a\ndependencies: []\n');
    expect(addPackage(none, 'r-base')).toBe(text.replace('python', 'r-base'));
  });

  it('sets and removes the description', () => {
    const text = 'name: a\nchannels: []\n';
    const described = setDescription(text, 'For: all # of us');
    expect(described).toBe(
      'name: a\ndescription: "For: all # of us"\nchannels: []\n'
    );
    expect(content(described).description).toBe('For: all # of us');
    expect(setDescription(described, '')).toBe(text);
    const block = 'name: a\ndescription: |\n  two\n  lines\n';
    expect(setDescription(block, 'one')).toBe('name: a\ndescription: one\n');
  });

  it.each(['yes', '1.10', '007', 'null', '名前', '~', ''])(
    'writes the name %j so that it is read as a text',
    name => {
      expect(content(setName('name: x\n', name)).name).toBe(name);
    }
  );

  it('never wraps a long line', () => {
    const long = `numpy ${'>=1.2, '.repeat(30)}<2`;
    expect(addPackage('name: a\n', long)).toBe(
      `name: a\ndependencies:\n  - ${long}\n`
    );
  });

  it('begins with something that can be built', () => {
    expect(problems(newSpecification('a'))).toEqual([]);
    expect(messages(newSpecification(''))).toEqual([
      'The environment needs a name.'
    ]);
  });
});
