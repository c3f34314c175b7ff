/** The findings of a check of the connection, in a dialog's body. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useState } from 'react';
import { toErrorInfo } from '../api/request';
import type { IErrorInfo, IFinding, IFindings } from '../tokens';
import { translated, useTrans } from '../translation';
import { Notice } from './notice';

/** The answer, or the error in its place; null until there is one. */
type Answer = IFindings | IErrorInfo | null;

interface ICheckProps {
  /** Has everything checked; rejects with the server's error. */
  readonly check: () => Promise<IFindings>;
}

/** The findings, once they are there. */
export function Check({ check }: ICheckProps): JSX.Element {
  const trans = useTrans();
  const [answer, setAnswer] = useState<Answer>(null);
  useEffect(() => {
    let open = true;
    const show = (next: Answer) => {
      if (open) {
        setAnswer(next);
      }
    };
    check().then(show, reason => show(toErrorInfo(reason)));
    return () => {
      open = false;
    };
  }, [check]);
  if (answer === null) {
    return (
      <p role="status" aria-busy="true">
        {trans.__('Checking server, archives, folders and kernels…')}
      </p>
    );
  }
  if ('message' in answer) {
    return <Notice severity="error" text={answer.message} />;
  }
  return (
    <ul className="jp-CondaStore-findings">
      {answer.findings.map((finding, index) => (
        <Found key={index} finding={finding} />
      ))}
    </ul>
  );
}

/** One finding: how it is, and what to do about it. */
function Found({ finding }: { finding: IFinding }): JSX.Element {
  const trans = useTrans();
  const verdicts = {
    ok: trans.__('OK'),
    note: trans.__('Note'),
    problem: trans.__('Problem')
  };
  return (
    <li data-verdict={finding.verdict}>
      <span className="jp-CondaStore-verdict">{verdicts[finding.verdict]}</span>
      <div>
        <p dir="auto">{finding.message}</p>
        {finding.advice && (
          <p className="jp-CondaStore-muted" dir="auto">
            {finding.advice}
          </p>
        )}
      </div>
    </li>
  );
}

/** The body of the dialog. */
export class CheckBody extends ReactWidget {
  constructor(
    private readonly _check: ICheckProps['check'],
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-check');
  }

  protected render(): JSX.Element {
    return translated(this._trans, <Check check={this._check} />);
  }
}
