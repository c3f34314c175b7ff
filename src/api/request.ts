/** One request to the server extension: its JSON, or an error with a code and a sentence. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { IErrorInfo } from './nouns';

/** An answer that says no: `code` for programs, `message` is a sentence to show as it is. */
export class CondaStoreError extends Error implements IErrorInfo {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number | null = null
  ) {
    super(message);
    this.name = 'CondaStoreError';
  }
}

/** Return an error as a code and a sentence, whatever was thrown. */
export function toErrorInfo(reason: unknown): IErrorInfo {
  if (reason instanceof CondaStoreError) {
    return { code: reason.code, message: reason.message };
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return { code: 'internal', message };
}

/** Do something, and tell what went wrong if it cannot be done. */
export async function attempt(
  show: (error: IErrorInfo) => unknown,
  act: () => Promise<void>
): Promise<void> {
  try {
    await act();
  } catch (reason) {
    await show(toErrorInfo(reason));
  }
}

/** The two sentences that only the page can say; given in so that they are translated. */
export interface IRequestMessages {
  /** The Jupyter server itself does not answer. */
  jupyterUnreachable: string;
  /** The Jupyter server has no such route. */
  extensionMissing: string;
}

/**
 * Ask a route of the server extension.
 *
 * @param path - The route below `conda-store/`, its parts already encoded.
 * @returns The answer's JSON; undefined when it has no body.
 * @throws CondaStoreError
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  messages: IRequestMessages,
  path: string,
  init: RequestInit = {}
): Promise<T> {
  const response = await respond(settings, messages, path, init);
  return parse(await response.text()) as T;
}

/**
 * Ask a route of the server extension, whatever it answers with.
 *
 * @param path - The route below `conda-store/`, its parts already encoded.
 * @throws CondaStoreError when the answer says no.
 */
export async function respond(
  settings: ServerConnection.ISettings,
  messages: IRequestMessages,
  path: string,
  init: RequestInit = {}
): Promise<Response> {
  const url = URLExt.join(settings.baseUrl, 'conda-store', path);
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
  } catch {
    throw new CondaStoreError(
      'jupyter_unreachable',
      messages.jupyterUnreachable
    );
  }
  if (response.ok) {
    return response;
  }
  const data = parse(await response.text());
  const { code, message } = (data ?? {}) as Partial<IErrorInfo>;
  if (code && message) {
    throw new CondaStoreError(code, message, response.status);
  }
  if (response.status === 404) {
    throw new CondaStoreError(
      'extension_missing',
      messages.extensionMissing,
      response.status
    );
  }
  throw new CondaStoreError(
    'internal',
    message || `${response.status} ${response.statusText}`,
    response.status
  );
}

/** The text as JSON; undefined for nothing, or for what is not JSON (a proxy's page, say). */
function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
