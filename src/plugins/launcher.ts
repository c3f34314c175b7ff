/** The plugin of the launcher's tiles: a section of environments, or else the panel's tile alone. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { fullName } from '../api/names';
import type { IEnvironmentTile } from '../model';
import { EnvironmentTiles } from '../model';
import { CommandIDs } from '../tokens';
import { ICore } from './core';
import type { ITile } from './launchersection';
import { LauncherSection, leaveOut } from './launchersection';

/** JupyterLab's first section has 0. */
const BEFORE_ALL = -1;

/** JupyterLab's last section has 100. */
const AFTER_ALL = 100;

export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:launcher',
  description:
    'Adds tiles for environments, and for the panel, to the launcher.',
  autoStart: true,
  requires: [ICore],
  // Notebook has no launcher.
  optional: [ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ): void => {
    if (!launcher) {
      return;
    }
    const { api, model, settings, trans } = core;
    const { kernelspecs } = app.serviceManager;
    const environments = new EnvironmentTiles(api, model, 0);
    const section = new LauncherSection(
      launcher,
      trans.__('Environments'),
      BEFORE_ALL
    );
    // In JupyterLab's own category, in JupyterLab's own words.
    const other = new LauncherSection(
      launcher,
      // eslint-disable-next-line no-restricted-syntax
      (translator ?? nullTranslator).load('jupyterlab').__('Other'),
      AFTER_ALL
    );

    /** Return the tile of an environment. */
    const tileOf = (
      { environment, state }: IEnvironmentTile,
      others: ReadonlyArray<IEnvironmentTile>
    ): ITile => {
      const { namespace, name } = environment;
      const full = fullName(environment);
      // There is not much room on a tile: the namespace is there where it tells two apart.
      const alike = others.filter(other => other.environment.name === name);
      const label = alike.length > 1 ? full : name;
      const ready = state.kind === 'ready';
      const coming = !ready && !state.launchable;
      return {
        command: CommandIDs.launchTile,
        args: {
          namespace,
          environment: name,
          build_id: ready ? (state.copy?.build_id ?? null) : null,
          label: coming ? trans.__('%1 (downloading)', label) : label,
          caption: ready
            ? trans.__('Open a notebook on %1', full)
            : trans.__('Download %1 and open a notebook on it', full)
        }
      };
    };
    const show = () => {
      const shown = environments.tiles;
      const tiles = shown.map(tile => tileOf(tile, shown));
      const { launcherTile } = settings.current;
      const panel = { command: CommandIDs.open, args: {} };
      const all = { command: CommandIDs.open, args: { isTile: true } };
      section.show(tiles.length && launcherTile ? [...tiles, all] : tiles);
      other.show(!tiles.length && launcherTile ? [panel] : []);
    };
    leaveOut(launcher, ({ command, args }) => {
      const name = args?.kernelName;
      const spec =
        command === 'notebook:create-new' && typeof name === 'string'
          ? kernelspecs.specs?.kernelspecs[name]
          : undefined;
      return startsTheSame(
        spec?.metadata?.conda_store,
        model.server.url,
        environments.tiles
      );
    });
    environments.changed.connect(show);
    const apply = () => {
      environments.most = settings.current.launcherEnvironments;
      show();
    };
    settings.changed.connect(apply);
    apply();
    void app.restored
      .then(() => settings.ready)
      .then(async () => {
        if (environments.most) {
          await model.copies.refresh().catch(() => undefined);
          await model.server.first();
        }
      });
  }
};

/** Tell whether a kernel is that of an environment that has a tile: of its active build, or of whichever is active. */
function startsTheSame(
  identity: unknown,
  server: string | null,
  tiles: ReadonlyArray<IEnvironmentTile>
): boolean {
  const kernel = (identity ?? {}) as Record<string, unknown>;
  const build = kernel.build_id ?? null;
  return tiles.some(
    ({ environment: { namespace, name, current_build_id } }) =>
      kernel.namespace === namespace &&
      kernel.environment === name &&
      (!server || kernel.server === server) &&
      (build === null || build === current_build_id)
  );
}
