/** The problems of a specification, each with its line. */

import { problemsOf } from '../specification';
import { problems, TEXT, trans } from './fake/specification';

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
