/** A line of what was seen of a repository. */

import React from 'react';

interface IFactProps {
  readonly name: string;
  readonly children: React.ReactNode;
}

/** A line of what was seen. */
export function Fact({ name, children }: IFactProps): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
