import { ServerConnection } from '@jupyterlab/services';
import { Api } from '../api';

/** An Api whose server answers with this. */
function answering(
  body: string | null,
  status = 200
): { api: Api; requests: Request[] } {
  const requests: Request[] = [];
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: 'http://jupyter.example/user/me/',
    fetch: async (input: RequestInfo | URL) => {
      requests.push(input as Request);
      return new Response(body, { status });
    }
  });
  return { api: new Api({ serverSettings }), requests };
}

describe('Api', () => {
  it('asks below the base URL with everything encoded', async () => {
    const { api, requests } = answering('{"environments": []}');
    await api.environments('a b/ü&page=9', 3);
    await api.builds('team a', 'x/y', 1);
    // ServerConnection appends the time, so that no cache answers.
    const urls = requests.map(request => request.url.replace(/&\d+$/, ''));
    expect(urls).toEqual([
      'http://jupyter.example/user/me/conda-store/environments?search=a+b%2F%C3%BC%26page%3D9&page=3&size=50',
      'http://jupyter.example/user/me/conda-store/environments/team%20a/x%2Fy/builds?page=1&size=20'
    ]);
  });

  it('posts a build as JSON', async () => {
    const { api, requests } = answering('{}', 202);
    const build = { namespace: 'n', environment: 'e', build_id: null };
    await api.fetchCopy(build);
    expect(requests[0].method).toBe('POST');
    expect(await requests[0].json()).toEqual(build);
  });

  it('takes an answer without a body', async () => {
    const { api } = answering(null, 204);
    await expect(api.remove('abc-1')).resolves.toBeUndefined();
  });

  it('throws the code and the sentence of the server extension', async () => {
    const { api } = answering(
      '{"code": "kernel_running", "message": "A kernel of it runs."}',
      409
    );
    await expect(api.remove('abc-1')).rejects.toMatchObject({
      code: 'kernel_running',
      message: 'A kernel of it runs.',
      status: 409
    });
  });

  it('says what to do when the route is missing', async () => {
    const { api } = answering('<html>404</html>', 404);
    await expect(api.status()).rejects.toMatchObject({
      code: 'extension_missing',
      message: expect.stringContaining('jupyter server extension enable')
    });
  });

  it('says so when Jupyter itself does not answer', async () => {
    const serverSettings = ServerConnection.makeSettings({
      fetch: () => Promise.reject(new TypeError('Failed to fetch'))
    });
    await expect(new Api({ serverSettings }).status()).rejects.toMatchObject({
      code: 'jupyter_unreachable'
    });
  });

  it('has something to say of a failure that is no JSON', async () => {
    const { api } = answering('<h1>Bad gateway</h1>', 502);
    await expect(api.status()).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('502')
    });
  });

  it('saves files without the token in an address, wherever the server is', async () => {
    const saved: string[] = [];
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function (this: HTMLAnchorElement) {
        saved.push(`${this.href} ${this.download}`);
      });
    const blobs: Blob[] = [];
    URL.createObjectURL = (blob: Blob) => `blob:${blobs.push(blob)}`;
    URL.revokeObjectURL = () => undefined;
    const requests: Request[] = [];
    const api = (appendToken: boolean) =>
      new Api({
        serverSettings: ServerConnection.makeSettings({
          baseUrl: 'http://jupyter.example/',
          token: 'secret',
          appendToken,
          fetch: async (input: RequestInfo | URL) => {
            requests.push(input as Request);
            return new Response('lock', {
              headers: {
                'Content-Disposition': 'attachment; filename="data.yml"'
              }
            });
          }
        })
      });
    const address = 'http://jupyter.example/conda-store/builds/2/artifacts/';
    await api(false).saveArtifact(2, 'archive');
    await api(true).saveArtifact(2, 'lockfile');
    expect(saved).toEqual([`${address}archive `, 'blob:1 data.yml']);
    expect(blobs[0].size).toBe(4);
    expect(requests.map(({ url }) => url.split('?')[0])).toEqual([
      `${address}lockfile`
    ]);
    expect(requests[0].headers.get('Authorization')).toBe('token secret');
    const all = [...saved, ...requests.map(({ url }) => url)].join(' ');
    expect(all + api(true).artifactUrl(2, 'yaml')).not.toContain('secret');
    click.mockRestore();
  });
});
