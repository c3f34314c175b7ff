/** Has the browser save files of the Jupyter server. */

/** Have the browser save what is behind an address, under the server's name for it if none is given. */
export function saveAddress(url: string, name = ''): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
}

/** Have the browser save the file that an answer holds. */
export async function saveResponse(
  response: Response,
  fallback: string
): Promise<void> {
  const disposition = response.headers.get('Content-Disposition') ?? '';
  const name = /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? fallback;
  const url = URL.createObjectURL(await response.blob());
  try {
    saveAddress(url, name);
  } finally {
    URL.revokeObjectURL(url);
  }
}
