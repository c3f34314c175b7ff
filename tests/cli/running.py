"""Running `jupyter conda-store` as people and scripts do, with folders of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.stores import PATIENCE, RunningStore

PROGRAM = [sys.executable, "-m", "conda_store_labext.cli"]
UNREACHABLE = "http://127.0.0.1:9/conda-store"


class CommandLine:
    """Runs the program with the variables `environ`."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ

    def __call__(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run to the end and return what came of it."""
        return subprocess.run(
            [*PROGRAM, *arguments],
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def json(self, *arguments: str, **environ: str) -> Any:
        """Run a command that must succeed, and parse what it printed."""
        done = self(*arguments, "--json", **environ)
        assert done.returncode == 0, done.stderr + done.stdout
        assert done.stderr == "", "no progress where nobody watches"
        return json.loads(done.stdout)


def variables(store: RunningStore, folder: Path) -> dict[str, str]:
    """Return our own variables with the store's administrator and Jupyter's folders below `folder`."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONDA_STORE", "JUPYTER"))
    }
    return {
        **kept,
        "CONDA_STORE_URL": store.url,
        "CONDA_STORE_TOKEN": store.admin_token,
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
