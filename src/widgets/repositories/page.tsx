/** The form, what was seen, and how far the opening is. */

import React from 'react';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import { RepositoryForm } from './form';
import type { IRepositoryProps } from './props';
import { Seen } from './seen';
import { Steps } from './steps';

/** Drawn anew after each change of the model. */
export function Page(props: IRepositoryProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  return (
    <div className="jp-CondaStore-repository">
      <h2>{trans.__('Open a notebook on its own environment')}</h2>
      <RepositoryForm {...props} />
      <Steps {...props} />
      {model.error && !model.running && (
        <Notice
          severity={model.error.code === 'cancelled' ? 'info' : 'error'}
          text={model.error.message}
        />
      )}
      {model.seen && <Seen {...props} look={model.seen} />}
    </div>
  );
}
