/** A notice that stands out from what is around it. */

import React from 'react';

interface INoticeProps {
  readonly severity: 'error' | 'warning' | 'info';
  readonly title?: string;
  /** A sentence or more, a line each; nothing from the server is ever HTML. */
  readonly text?: string;
  /** `alert` is read out at once; errors are if nothing else is said. */
  readonly role?: 'alert' | 'status';
  /** What can be done about it, and what else there is to say. */
  readonly children?: React.ReactNode;
}

/** What is wrong, why, and what can be done. */
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
