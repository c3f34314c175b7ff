/** The item in a notebook's toolbar: the environment and the build that its kernel runs in. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { buildName } from '../api/names';
import { condaStoreIcon } from '../icons';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';

/** The identity in a kernelspec's `metadata.conda_store`. */
interface IKernelIdentity {
  namespace: string;
  environment: string;
  /** The build; null for a kernel that follows the active one. */
  build_id: number | null;
}

/**
 * A button that shows the environment; nothing for kernels from elsewhere. A kernelspec that follows the active build
 * does not say which one was started: `running` does.
 */
export class KernelItem extends ReactWidget {
  constructor(
    private readonly _session: ISessionContext,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-kernelItem');
    _session.kernelChanged.connect(this._readKernel, this);
    void this._readKernel();
  }

  /** The build that the kernel runs on; null as long as that is unknown. */
  set running(running: IBuildReference | null) {
    if (running?.build_id !== this._running?.build_id) {
      this._running = running;
      this.update();
    }
  }

  dispose(): void {
    this._session.kernelChanged.disconnect(this._readKernel, this);
    super.dispose();
  }

  protected render(): JSX.Element | null {
    const trans = this._trans;
    const identity = this._identity;
    if (!identity) {
      return null;
    }
    const { namespace, environment } = identity;
    const running = this._running?.build_id ?? null;
    const build_id = running ?? identity.build_id ?? null;
    const text = buildName({ ...identity, build_id });
    const open = () =>
      void this._commands.execute(
        this._commands.hasCommand(CommandIDs.openEnvironment)
          ? CommandIDs.openEnvironment
          : CommandIDs.open,
        { namespace, environment }
      );
    return (
      <button
        className="jp-CondaStore-kernel"
        title={trans.__('The kernel runs in %1. Show it.', text)}
        aria-label={trans.__('Environment %1', text)}
        data-running={running ?? undefined}
        onClick={open}
      >
        <condaStoreIcon.react tag="span" width="14px" height="14px" />
        <span className="jp-CondaStore-kernelName" dir="auto">
          {text}
        </span>
      </button>
    );
  }

  private async _readKernel(): Promise<void> {
    const kernel = this._session.session?.kernel;
    const spec = await kernel?.spec.catch(() => undefined);
    if (this.isDisposed || kernel !== this._session.session?.kernel) {
      return;
    }
    const identity = spec?.metadata?.conda_store as unknown;
    this._identity = isIdentity(identity) ? identity : null;
    this.update();
  }

  private _identity: IKernelIdentity | null = null;
  private _running: IBuildReference | null = null;
}

/** Tell whether a kernelspec's metadata names an environment. */
function isIdentity(identity: unknown): identity is IKernelIdentity {
  const { namespace, environment } = (identity ??
    {}) as Partial<IKernelIdentity>;
  return typeof namespace === 'string' && typeof environment === 'string';
}
