/** The actions of a person, each until all that follows from it is drawn. */

import { act, fireEvent } from '@testing-library/react';

/** Click on something. */
export async function click(element: HTMLElement): Promise<void> {
  await act(async () => {
    fireEvent.click(element);
  });
}

/** Press a key where the focus is. */
export async function press(key: string): Promise<void> {
  await act(async () => {
    fireEvent.keyDown(document.activeElement!, { key });
  });
}
