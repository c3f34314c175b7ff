/** A slim progress bar. */

import React from 'react';
import { percent } from './labels';

interface IProgressProps {
  /** The name of the work in progress, for those who cannot see it. */
  readonly label: string;
  /** 0 to 1; null when unknown. */
  readonly fraction: number | null;
}

/** The progress of something; a moving stripe when nobody knows. */
export function Progress(props: IProgressProps): JSX.Element {
  const { label, fraction } = props;
  const value = fraction === null ? undefined : percent(fraction);
  return (
    <div
      className="jp-CondaStore-progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      data-indeterminate={value === undefined}
    >
      <div style={value === undefined ? undefined : { width: `${value}%` }} />
    </div>
  );
}
