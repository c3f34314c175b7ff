/** Packages as conda writes them, those that bring a kernel, and names of environments. */

import cases from '../../tests/specifications/matchspecs.json';
import shared from '../../tests/specifications/shared.json';
import {
  addPip,
  isKernelPackage,
  isMatchSpec,
  joinMatchSpec,
  missingKernel,
  NAME_PATTERN,
  newSpecification,
  packageName,
  splitMatchSpec
} from '../specification';
import { content } from './fake/specification';

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
