/** The packages of which a running kernel has another version loaded than is installed now. */

import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IAddition, IAdditionList } from '../api/additions';

/** A package with both of its versions. */
export interface ILoaded {
  name: string;
  loaded: string;
  installed: string;
}

/** One module as the kernel tells of it: its name, its version, and whether it lies in the overlay. */
const MODULE = /\('(\w+)', '([\w.+!-]*)', (True|False)\)/g;

/** The packages that were not there before, or in another version. */
export function newlyAdded(
  before: IAdditionList,
  now: IAdditionList
): IAddition[] {
  return now.additions.filter(
    ({ name, version }) =>
      !before.additions.some(
        other => other.name === name && other.version === version
      )
  );
}

/**
 * Return those of the packages that were just installed which the kernel had loaded before, in another version.
 *
 * The kernel is asked for the modules that it has; it imports and changes nothing.
 */
export async function loadedOthers(
  kernel: Kernel.IKernelConnection,
  before: IAdditionList,
  now: IAdditionList
): Promise<ILoaded[]> {
  const added = newlyAdded(before, now).filter(
    ({ manager, modules }) => manager === 'pip' && modules.length
  );
  if (!added.length) {
    return [];
  }
  const { language_info } = await kernel.info;
  if (language_info.name !== 'python') {
    return [];
  }
  const names = added.flatMap(({ modules }) => modules);
  const told = await ask(kernel, expression(names, now.prefix));
  const modules = new Map(
    [...told.matchAll(MODULE)].map(([, name, version, inside]) => [
      name,
      { version, inside: inside === 'True' }
    ])
  );
  return added.flatMap(addition => {
    const { name, version: installed, hides } = addition;
    const module = addition.modules
      .map(each => modules.get(each))
      .find(each => each);
    const old = before.additions.find(other => other.name === name)?.version;
    const loaded = module?.inside ? old : module && (old ?? hides);
    // What was imported after it was installed is as it should be.
    return !module || !loaded || module.version === installed
      ? []
      : [{ name, loaded, installed }];
  });
}

function expression(names: string[], prefix: string): string {
  const place = 'str(getattr(m, "__file__", None) or "")';
  return (
    `[(n, str(getattr(m, "__version__", "")), ${place}.startswith(${JSON.stringify(`${prefix}/`)}))` +
    ' for n, m in list(__import__("sys").modules.items())' +
    ` if n in ${JSON.stringify(names)} and ${place}]`
  );
}

/** Have the kernel work an expression out; return it as Python writes it, nothing where it cannot. */
async function ask(
  kernel: Kernel.IKernelConnection,
  code: string
): Promise<string> {
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: { modules: code }
  });
  const { content } = await future.done;
  const { user_expressions } = content as KernelMessage.IReplyOkContent &
    Partial<KernelMessage.IExecuteReply>;
  const answer = user_expressions?.modules as
    { data?: Record<string, string> } | undefined;
  return answer?.data?.['text/plain'] ?? '';
}
