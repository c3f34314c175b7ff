import { nullTranslator } from '@jupyterlab/translation';
import cases from '../../tests/specifications/matchspecs.json';
import shared from '../../tests/specifications/shared.json';
import type { ISpecificationContent } from '../specification';
import {
  addPackage,
  addPip,
  NAME_PATTERN,
  isKernelPackage,
  isMatchSpec,
  joinMatchSpec,
  missingKernel,
  newSpecification,
  packageName,
  problemsOf,
  readContent,
  removePackage,
  removePip,
  setChannels,
  setDescription,
  setName,
  splitMatchSpec,
  updatePackage,
  updatePip
} from '../specification';

const trans = nullTranslator.load('conda_store_labext');

const TEXT = `# our analysis
name: data # short
channels:
  - conda-forge # first
  - bioconda
dependencies:
  # the language
  - python=3.11
  - "numpy>=1.2,<2"
  - pip
  - pip:
      - rich # colours
      - --extra-index-url https://index.example
variables:
  MODE: fast
unknown: {kept: [1, 2]}
`;

const problems = (text: string) =>
  problemsOf(text, trans).map(
    ({ severity, line, column }) => `${severity} ${line}:${column}`
  );
const messages = (text: string) =>
  problemsOf(text, trans).map(({ message }) => message);
const content = (text: string): ISpecificationContent => readContent(text)!;

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

describe('The problems', () => {
  it('are none but hints in a good specification', () => {
    const good = TEXT.replace(/ +- --extra-index-url.*\n/, '');
    expect(problems(good)).toEqual(['info 13:1', 'info 15:1']);
  });

  it.each([
    ['', ['error 1:1', 'warning 1:1']],
    ['- a\n', ['error 1:1']],
    ['name: a b\ndependencies: [x]\n', ['error 1:7']],
    ['name: 3\ndependencies: [x]\n', ['error 1:7']],
    ['name: yes\ndependencies: [x]\n', ['error 1:7']],
    ['name:\ndependencies: [x]\n', ['error 1:1']],
    ['name: a\nchannels: x\ndependencies: [x]\n', ['error 2:1']],
    ['name: a\nchannels: [3]\ndependencies: [x]\n', ['error 2:12']],
    ['name: a\nchannels: []\ndependencies: [x]\n', ['info 2:1']],
    ['name: a\n', ['warning 1:1']],
    ['name: a\ndependencies:\n', ['error 2:1']],
    ['name: a\ndependencies: []\n', ['warning 2:1']],
    ['name: a\ndependencies: [3, x]\n', ['error 2:16']],
    ['name: a\ndependencies:\n- x\n-\n', ['error 4:2']],
    ['name: a\ndependencies: [x, x>2]\n', ['warning 2:19']],
    ['name: a\ndependencies:\n- "x>="\n', ['error 3:3']],
    ['name: a\ndependencies:\n- npm: []\n', ['error 3:3']],
    ['name: a\ndependencies:\n- pip\n- pip: a\n', ['error 4:3']],
    ['name: a\ndependencies:\n- pip: [a]\n', ['warning 3:3']],
    ['name: a\ndependencies:\n- pip\n- pip: [-e .]\n', ['error 4:9']],
    ['name: a\ndependencies: [x]\nvariables: [x]\n', ['error 3:1']],
    [
      'name: a\ndependencies: [x]\nvariables: {x: 1.5}\n',
      ['info 3:1', 'error 3:16']
    ],
    ['name: a\ndependencies: [x]\nvariables: {x: 1, y: z}\n', ['info 3:1']],
    [
      'name: a\ndependencies: [x]\nvariables: {CONDA_OVERRIDE_CUDA: "12"}\n',
      []
    ],
    [
      'name: a\ndependencies: [x]\nvariables:\n  A: 0755\n',
      ['info 3:1', 'warning 4:6']
    ],
    ['name: a\ndependencies: [x]\nprefix: /x\n', ['info 3:1']],
    ['name: a\ndependencies: [x]\ndescription: 3\n', ['error 3:14']],
    ['name: a\nname: b\ndependencies: [x]\n', ['error 2:1']],
    ['name: a\n---\nname: b\n', ['error 2:1']]
  ])('of %j are %j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it.each([
    ['pip=24.0', 'six', ['warning 3:3']],
    ['pip', 'six', []],
    ['pip', '"six; python_version > \'3\'"', ['warning 5:5']],
    ['pip', '"six; extra == \'x\'"', ['warning 5:5']],
    ['pip', '"six; sys_platform == \'win32\'"', []],
    ['pip', '"six; platform_system == \'Linux\'"', []],
    ['pip', '"six @ https://h/x;python_version"', []],
    ['pip', 'six\n  - Six>1', ['warning 6:5']],
    ['pip', '--extra-index-url https://h/simple', ['error 5:5']],
    ['pip', 'x @ http://h/x.zip', ['error 5:5']],
    ['pip', 'x @ git+ssh://git@h/x', ['error 5:5']],
    ['pip', 'x @ git+https://h/x@v1', []]
  ])('of what conda-store would drop are marks: %j, %j', (pip, line, marks) => {
    const text = `name: a\ndependencies:\n- ${pip}\n- pip:\n  - ${line}\n`;
    expect(problems(text)).toEqual(marks);
  });

  it.each([
    ['see #4 [beta]', '"1"', [], 4],
    ['see #4 [beta]', '"(1)"', [], null],
    ['see #4', '"[1]"', [], 5],
    ['see 4 [beta]', '"1"', ['a', 'b[c]'], null],
    ['plain', '"1"', ['x @ https://h/x#md5=1', 'b[c]'], 3]
  ])(
    'mark what conda-lock takes for a condition: %j, %s, %j',
    (description, value, pip, line) => {
      const lines = [
        'name: a',
        'channels: [c]',
        `dependencies: [pip, {pip: ${JSON.stringify(pip)}}]`,
        `description: "${description}"`,
        `variables: {A: ${value}}`
      ];
      const marks = problemsOf(`${lines.join('\n')}\n`, trans)
        .filter(({ severity }) => severity === 'error')
        .map(problem => [problem.line, problem.message.slice(0, 29)]);
      const wanted = [line, 'conda-lock takes the brackets'];
      expect(marks).toEqual(line ? [wanted] : []);
    }
  );

  it.each([
    'https://me:s3cr3t@host/x',
    'https://s3cr3t@host/x',
    'https://host/t/s3cr3t/x',
    'https://host/x?token=s3cr3t'
  ])('tell of the password in %j and do not repeat it', address => {
    const text = `name: a\nchannels: ["${address}"]\ndependencies:\n- pip\n- "${address}::y"\n- pip: ["x @ ${address}"]\n`;
    const problems = problemsOf(text, trans);
    expect(problems.map(({ line }) => line)).toEqual([2, 5, 6]);
    expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
    expect(JSON.stringify(problems)).not.toContain('s3cr3t');
  });

  it.each([
    'name: [\n',
    'name: "a\n',
    'name: a\n\tx: 1\n',
    'name: a: b\n',
    'dependencies:\n  - a\n - b\n'
  ])('of %j are errors in plain words', text => {
    const problems = problemsOf(text, trans);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(problem => problem.severity === 'error')).toBe(true);
    expect(problems.every(problem => !problem.message.includes('\n'))).toBe(
      true
    );
  });
});

describe('A package', () => {
  it.each([
    ['numpy', 'numpy', ''],
    ['numpy=1.2', 'numpy', '=1.2'],
    ['numpy >=1.2, <2', 'numpy', '>=1.2, <2'],
    ['numpy 1.2 py310_0', 'numpy', '1.2 py310_0'],
    ['conda-forge::numpy==1.2', 'conda-forge::numpy', '==1.2'],
    ['conda-forge/linux-64::numpy', 'conda-forge/linux-64::numpy', ''],
    ['numpy[version=">=1.2"]', 'numpy', '[version=">=1.2"]']
  ])('%j is %j with %j', (text, name, constraint) => {
    expect(splitMatchSpec(text)).toEqual({ name, constraint });
    expect(joinMatchSpec({ name, constraint }).replace(/ /g, '')).toBe(
      text.replace(/ /g, '')
    );
    expect(packageName(text)).toBe('numpy');
    expect(isMatchSpec(text)).toBe(true);
  });

  it('takes a bare version for that version', () => {
    expect(joinMatchSpec({ name: 'numpy', constraint: ' 1.2 ' })).toBe(
      'numpy=1.2'
    );
    expect(joinMatchSpec({ name: 'numpy', constraint: '' })).toBe('numpy');
  });

  it.each(Object.entries(cases.packages))('%j is of %j', (text, name) => {
    expect(packageName(text)).toBe(name);
    expect(isMatchSpec(text)).toBe(true);
  });

  it.each(['https://channel.example/linux-64/a-1-0.conda', 'python (>=3.8)'])(
    '%j can be read',
    text => {
      expect(isMatchSpec(text)).toBe(true);
    }
  );

  it.each(cases.refused)('%j cannot', text => {
    expect(isMatchSpec(text)).toBe(false);
  });
});

describe('The kernel', () => {
  const missing = (...packages: string[]) =>
    missingKernel(content(newSpecification('a', [], packages)));

  it.each([
    'ipykernel',
    'ipykernel>=6',
    'conda-forge::ipykernel',
    'xeus-python',
    'r-irkernel',
    'bash_kernel',
    'deno',
    'jupyterlab'
  ])('is not missed where there is %j', name => {
    expect(missing('python', name)).toBeNull();
  });

  it('is missed in its language', () => {
    expect(missing('python', 'numpy')).toBe('ipykernel');
    expect(missing('r-base', 'r-dplyr')).toBe('r-irkernel');
    expect(missing('python', 'r-base')).toBe('ipykernel');
  });

  it('may come by pip', () => {
    const text = addPip(newSpecification('a', [], ['python']), 'ipykernel');
    expect(missingKernel(content(text))).toBeNull();
  });

  it('is not missed where there is nothing yet', () => {
    expect(missing()).toBeNull();
  });

  it('comes with the packages that the server knows', () => {
    expect(
      shared.kernelPackages.filter(name => !isKernelPackage(name))
    ).toEqual([]);
    expect(shared.otherPackages.filter(isKernelPackage)).toEqual([]);
  });
});

describe('A name', () => {
  it('consists of the characters that the server allows', () => {
    const allowed = (text: string) =>
      [...text].filter(character => NAME_PATTERN.test(character)).join('');
    expect(allowed(shared.nameCharacters)).toBe(shared.nameCharacters);
    expect(allowed(shared.otherCharacters)).toBe('');
  });
});
