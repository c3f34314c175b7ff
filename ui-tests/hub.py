"""Run a real JupyterHub in front of the tests' conda-store until standard input ends; print its address.

Usage: `python hub.py FOLDER`, the folder of `serve.py`, whose local conda-store everybody signs in to.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from conda_store_labext.local import LocalServer
from tests.headless.hub import Hub


def main(folder: Path) -> None:
    """Start it, and end it with its servers."""
    credentials = LocalServer(folder / "local").credentials()
    assert credentials is not None
    environment = {"CONDA_STORE_URL": credentials.url}
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        Hub(Path(place), {"ada": credentials.token}, environment, None) as hub,
    ):
        print(hub.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
