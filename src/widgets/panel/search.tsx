/** The search box and the refresh button above the list. */

import {
  Button,
  InputGroup,
  UseSignal,
  refreshIcon
} from '@jupyterlab/ui-components';
import React from 'react';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { NewButtons } from './new-button';
import type { IPanelProps } from './props';

/** Searches on the server as someone types; Escape clears. */
export function Search(props: IPanelProps): JSX.Element {
  const { model, commands } = props;
  const trans = useTrans();
  const refresh = trans.__('Refresh the environments');
  return (
    <UseSignal signal={model.stateChanged}>
      {() => (
        <>
          <InputGroup
            type="search"
            className="jp-CondaStore-search"
            aria-label={trans.__('Search environments')}
            placeholder={trans.__('Search environments')}
            rightIcon="ui-components:search"
            value={model.search.text}
            onChange={event => model.search.type(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Escape' && model.search.text) {
                event.stopPropagation();
                model.search.type('');
              }
            }}
          />
          <Button
            className="jp-CondaStore-button"
            minimal
            small
            title={refresh}
            aria-label={refresh}
            aria-busy={model.loading}
            onClick={() => void commands.execute(CommandIDs.refresh)}
          >
            <refreshIcon.react tag="span" />
          </Button>
          <NewButtons model={model} commands={commands} />
        </>
      )}
    </UseSignal>
  );
}
