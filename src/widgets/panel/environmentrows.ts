/** An environment's row, and below it the rows of its builds. */

import { fullName } from '../../api/names';
import type { EnvironmentsModel, IRowState } from '../../model';
import type { IEnvironment } from '../../tokens';
import type { IEnvironmentRow, Row, Section } from './rowkinds';

/** A row whose state is looked up when it is drawn: most of ten thousand never are. */
class EnvironmentRow implements IEnvironmentRow {
  constructor(
    private readonly _model: EnvironmentsModel,
    readonly environment: IEnvironment,
    readonly section: Section | null,
    readonly index: number,
    readonly position: number,
    readonly siblings: number
  ) {
    this.id = `${section ?? 'environment'}:${fullName(environment)}`;
    this.expanded = _model.folding.isUnfolded(environment, section);
  }

  readonly kind = 'environment';
  readonly level = 2;
  readonly id: string;
  readonly expanded: boolean;

  get state(): IRowState {
    return (this._state ??= this._model.stateOf(this.environment));
  }

  private _state: IRowState | null = null;
}

/** An environment's row, and those of its builds when they are unfolded. */
export function environmentRows(
  model: EnvironmentsModel,
  environment: IEnvironment,
  section: Section | null,
  index: number,
  at: number,
  siblings: number
): Row[] {
  const row = new EnvironmentRow(
    model,
    environment,
    section,
    index,
    at + 1,
    siblings
  );
  return row.expanded ? [row, ...buildRows(model, environment, row.id)] : [row];
}

/** The rows below an unfolded environment. */
function buildRows(
  model: EnvironmentsModel,
  environment: IEnvironment,
  parent: string
): Row[] {
  const { builds, count, loading, error } = model.builds.of(
    environment.namespace,
    environment.name
  );
  const rows: Row[] = builds.map((build, index) => ({
    kind: 'build',
    id: `${parent}#${build.id}`,
    level: 3,
    position: index + 1,
    siblings: count,
    expanded: null,
    build,
    state: model.stateOfBuild(build),
    current: build.id === environment.current_build_id
  }));
  const note = error
    ? 'error'
    : !builds.length
      ? loading
        ? 'loading'
        : 'none'
      : builds.length < count
        ? 'more'
        : null;
  if (note) {
    rows.push({
      kind: 'note',
      id: `${parent}:${note}`,
      level: 3,
      position: builds.length + 1,
      siblings: Math.max(count, builds.length + 1),
      expanded: null,
      environment,
      note,
      shown: builds.length,
      count,
      message: error?.message ?? ''
    });
  }
  return rows;
}
