/** The questions about a notebook's kernel. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { IFinding, IOffer } from './findings';

/** The questions about a notebook's kernel. */
export class Questions {
  constructor(protected readonly trans: TranslationBundle) {}

  /**
   * Ask whether a notebook's kernel may be ended, with what it holds.
   *
   * @param busy - Whether it is just running something.
   */
  async endKernel(path: string, busy: boolean): Promise<boolean> {
    const name = PathExt.basename(path);
    const { button } = await showDialog({
      title: this.trans.__('Restart Kernel?'),
      body: busy
        ? this.trans.__(
            'The kernel of %1 is running a cell. Restarting it on another build stops the cell; its result and all variables will be lost.',
            name
          )
        : this.trans.__(
            'Do you want to restart the kernel of %1 on another build? All variables will be lost.',
            name
          ),
      buttons: [
        Dialog.cancelButton({ label: this.trans.__('Cancel') }),
        Dialog.warnButton({ label: this.trans.__('Restart') })
      ]
    });
    return button.accept;
  }

  /** Ask whether packages may come that hide other versions in the environment. */
  async hidePackages(message: string): Promise<boolean> {
    const { button } = await showDialog({
      title: this.trans.__('Hide Packages of the Environment?'),
      body: textBody(message),
      buttons: [
        Dialog.cancelButton({ label: this.trans.__('Cancel') }),
        Dialog.warnButton({ label: this.trans.__('Add and Hide') })
      ],
      defaultButton: 0
    });
    return button.accept;
  }

  /**
   * Ask what to do with a notebook that has no kernel.
   *
   * @returns The offer that was taken, `another` for a kernel of JupyterLab's list, null for none.
   */
  async chooseOffer(
    path: string,
    { message, offers }: IFinding
  ): Promise<IOffer | 'another' | null> {
    const other = Dialog.cancelButton({
      label: this.trans.__('Another Kernel…'),
      actions: ['another']
    });
    // The last button is the one that the Enter key presses, and the only one that stands out.
    const taking = offers
      .map(({ label }, index) => {
        const options = { label, actions: [String(index)] };
        return index ? Dialog.cancelButton(options) : Dialog.okButton(options);
      })
      .reverse();
    const body = textBody(message);
    body.addClass('jp-CondaStore-offers');
    const { button } = await showDialog({
      title: this.trans.__('Select a Kernel for %1', PathExt.basename(path)),
      body,
      buttons: [
        Dialog.cancelButton({ label: this.trans.__('No Kernel') }),
        other,
        ...taking
      ]
    });
    const [action] = button.actions;
    return action === 'another' ? action : (offers[Number(action)] ?? null);
  }
}

/** A text as the body of a dialog. */
function textBody(text: string): Widget {
  const body = new Widget();
  body.addClass('jp-CondaStore-dialog');
  body.node.textContent = text;
  return body;
}
