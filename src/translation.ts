/** The translations of the extension's own texts, as React components get them. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { createContext, createElement, useContext } from 'react';

/** The domain under which language packs have them. */
export const DOMAIN = 'conda_store_labext';

const TransContext = createContext<TranslationBundle>(
  nullTranslator.load(DOMAIN)
);

/** The translations; a component uses them as `trans.__('...')`. */
export function useTrans(): TranslationBundle {
  return useContext(TransContext);
}

/** Wrap what a Lumino widget renders, so that the components in it get the translations. */
export function translated(
  trans: TranslationBundle,
  children: ReactNode
): JSX.Element {
  return createElement(TransContext.Provider, { value: trans }, children);
}
