/** The specification as text in JupyterLab's own editor. */

import type { Diagnostic } from '@codemirror/lint';
import { linter, lintGutter } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import { CodeEditor } from '@jupyterlab/codeeditor';
import React, { useEffect, useRef } from 'react';
import type { IProblem } from '../../specification';
import { useTrans } from '../../translation';
import type { IEditorProps } from './props';

/** Milliseconds without a keystroke before problems are underlined. */
const LINT_DELAY = 200;

/** The editor, and below it what is wrong. */
export function Yaml(props: IEditorProps): JSX.Element {
  const { model, editors } = props;
  const trans = useTrans();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor.IEditor | null>(null);
  const label = model.isLockfile
    ? trans.__('Lockfile')
    : trans.__('Specification as YAML');

  useEffect(() => {
    const code = new CodeEditor.Model({ mimeType: 'text/x-yaml' });
    const { sharedModel } = code;
    sharedModel.setSource(model.text);
    sharedModel.clearUndoHistory();
    const view = editors.newDocumentEditor({
      host: host.current!,
      model: code,
      config: { lineNumbers: true, lineWrap: false }
    });
    editor.current = view;
    view.injectExtension([
      EditorView.contentAttributes.of({ 'aria-label': label }),
      lintGutter(),
      linter(
        ({ state }) =>
          model.problems
            .filter(({ to }) => to <= state.doc.length)
            .map(diagnostic),
        { delay: LINT_DELAY }
      )
    ]);
    const toModel = () => model.setText(sharedModel.getSource());
    const toEditor = () => {
      view.setOption('readOnly', model.isLockfile || model.loading);
      replace(sharedModel, model.text);
    };
    toEditor();
    sharedModel.changed.connect(toModel);
    model.stateChanged.connect(toEditor);
    return () => {
      model.stateChanged.disconnect(toEditor);
      sharedModel.changed.disconnect(toModel);
      editor.current = null;
      view.dispose();
      code.dispose();
    };
  }, [model, editors]);

  return (
    <section className="jp-CondaStore-yaml" aria-label={trans.__('YAML')}>
      <div className="jp-CondaStore-code" ref={host} />
      {model.problems.length > 0 && (
        <Problems {...props} onChoose={problem => goTo(editor, problem)} />
      )}
    </section>
  );
}

interface IProblemsProps extends IEditorProps {
  readonly onChoose: (problem: IProblem) => void;
}

/** The problems, line by line; choosing one leads to it. */
function Problems(props: IProblemsProps): JSX.Element {
  const { model, onChoose } = props;
  const trans = useTrans();
  return (
    <ul
      className="jp-CondaStore-problems"
      aria-label={trans.__('Problems')}
      aria-live="polite"
    >
      {model.problems.map(problem => (
        <li key={`${problem.from} ${problem.message}`}>
          <button
            type="button"
            data-severity={problem.severity}
            onClick={() => onChoose(problem)}
          >
            <span className="jp-CondaStore-muted">
              {trans.__('Line %1, column %2', problem.line, problem.column)}
            </span>{' '}
            <span dir="auto">{problem.message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function diagnostic(problem: IProblem): Diagnostic {
  const { severity, message, from, to } = problem;
  return { severity, message, from, to };
}

/** Put the cursor where a problem is. */
function goTo(
  editor: React.RefObject<CodeEditor.IEditor | null>,
  problem: IProblem
): void {
  const position = { line: problem.line - 1, column: problem.column - 1 };
  editor.current?.setCursorPosition(position);
  editor.current?.revealPosition(position);
  editor.current?.focus();
}

/** Write another text with one replacement, so that the cursor stays and it can be undone. */
function replace(shared: CodeEditor.IModel['sharedModel'], text: string): void {
  const old = shared.getSource();
  if (old === text) {
    return;
  }
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) {
    start++;
  }
  let end = 0;
  while (
    end < most - start &&
    old[old.length - 1 - end] === text[text.length - 1 - end]
  ) {
    end++;
  }
  shared.updateSource(
    start,
    old.length - end,
    text.slice(start, text.length - end)
  );
}
