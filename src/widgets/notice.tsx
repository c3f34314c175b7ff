/** A notice that stands out from what is around it. */

import React from 'react';

interface INoticeProps {
  readonly severity: 'error' | 'warning' | 'info';
  readonly title?: string;
  /** A sentence or more, a line each; nothing from the server is ever HTML. */
  readonly text?: string;
  /** `alert` is read out at once; errors are if nothing else is said. */
  readonly role?: 'alert' | 'status';
  /** The actions to take about it, and anything else there is to say. */
  readonly children?: React.ReactNode;
}

/** The problem, its reason, and the actions to take. */
export function Notice(props: INoticeProps): JSX.Element {
  const { severity, title, text, children } = props;
  return (
    <div
      className="jp-CondaStore-notice"
      data-severity={severity}
      role={props.role ?? (severity === 'error' ? 'alert' : 'status')}
    >
      {title && <p className="jp-CondaStore-title">{title}</p>}
      {text && (
        <p className="jp-CondaStore-noticeText" dir="auto">
          {text}
        </p>
      )}
      {children}
    </div>
  );
}
