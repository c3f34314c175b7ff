"""Check that JupyterLab and jupyter_server see their half of the package; as a program, in its own Python.

It imports nothing but Python's own library, since an environment that only has the wheel runs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

LABEXTENSION = "conda-store-labext"
SERVER_EXTENSION = "conda_store_labext"


def assert_both_halves_work(python: Path, home: Path) -> None:
    """Ask JupyterLab and jupyter_server whether their half is enabled and OK, with settings in `home`."""
    extensions = (
        ("jupyterlab.labextensions", f"{LABEXTENSION} v"),
        (
            "jupyter_server.extension.serverextension",
            SERVER_EXTENSION,
        ),
    )
    for module, name in extensions:
        printed = _told(python, module, home)
        about = [line for line in printed.splitlines() if name in line]
        assert any("enabled" in line for line in about), printed
        assert any("OK" in line for line in about), printed


def _told(python: Path, module: str, home: Path) -> str:
    """Return what a program of Jupyter lists."""
    jupyter = {
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [python, "-m", module, "list"],
        env={**os.environ, **jupyter},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        assert_both_halves_work(Path(sys.executable), Path(folder))
    print("JupyterLab and jupyter_server both have their half of the wheel.")
