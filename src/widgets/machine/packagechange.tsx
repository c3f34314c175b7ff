/** A change of packages: what is to be added, and what that would do. */

import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';
import { useTrans } from '../../translation';
import { Changes } from '../changes';
import { useLabels } from '../labels';
import { Failure, Loading } from '../page/parts';
import type { IMachinePageProps } from './view';

/** A line to add packages with, and below it the change that is wanted, until it is made or forgotten. */
export function PackageChange(props: IMachinePageProps): JSX.Element {
  const trans = useTrans();
  const labels = useLabels();
  const { model } = props;
  const { value, error, loading } = model.preview;
  const [text, setText] = useState('');
  const names = text.split(/\s+/).filter(name => name);
  return (
    <>
      <form
        className="jp-CondaStore-add"
        onSubmit={event => {
          event.preventDefault();
          if (names.length) {
            void model.want({ add: names }).then(() => setText(''));
          }
        }}
      >
        <input
          className="jp-mod-styled"
          type="text"
          aria-label={trans.__('Add packages')}
          placeholder={trans.__('Add packages, such as pandas numpy>=2')}
          spellCheck={false}
          value={text}
          disabled={model.busy}
          onChange={event => setText(event.target.value)}
        />
        <Button
          className="jp-mod-styled"
          type="submit"
          disabled={!names.length || model.busy}
        >
          {trans.__('Add…')}
        </Button>
      </form>
      {model.wanted && (
        <section
          className="jp-CondaStore-machineChange"
          aria-label={trans.__('What changes')}
          aria-busy={loading}
        >
          {loading && (
            <Loading>{trans.__('Finding out what would change…')}</Loading>
          )}
          {error && <Failure error={error} />}
          {value && (
            <>
              <p role="status">{labels.changes(value)}</p>
              <Changes changes={value} />
            </>
          )}
          <div>
            <Button
              className="jp-mod-styled jp-mod-accept"
              disabled={!value || model.busy || model.actions.running}
              onClick={() => void model.apply()}
            >
              {trans.__('Change the environment')}
            </Button>
            <Button
              className="jp-mod-styled jp-mod-reject"
              onClick={() => void model.forget()}
            >
              {trans.__('Cancel')}
            </Button>
          </div>
        </section>
      )}
    </>
  );
}
