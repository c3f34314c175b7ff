/** A specification with everything in it, and what is said of one. */

import { nullTranslator } from '@jupyterlab/translation';
import type { ISpecificationContent } from '../../specification';
import { problemsOf, readContent } from '../../specification';

export const trans = nullTranslator.load('conda_store_labext');

export const TEXT = `# our analysis
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

export const problems = (text: string) =>
  problemsOf(text, trans).map(
    ({ severity, line, column }) => `${severity} ${line}:${column}`
  );
export const messages = (text: string) =>
  problemsOf(text, trans).map(({ message }) => message);
export const content = (text: string): ISpecificationContent =>
  readContent(text)!;
