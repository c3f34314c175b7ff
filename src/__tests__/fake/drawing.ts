/** Tests of what JupyterLab draws itself, in its own time: React is not to expect them to wait for it. */

export function drawnByJupyterLab(): void {
  const scope = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  const before = scope.IS_REACT_ACT_ENVIRONMENT;
  beforeAll(() => {
    scope.IS_REACT_ACT_ENVIRONMENT = false;
  });
  afterAll(() => {
    scope.IS_REACT_ACT_ENVIRONMENT = before;
  });
}
