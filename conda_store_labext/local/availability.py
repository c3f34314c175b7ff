"""A check whether the local store can run here at all, made without importing any of it."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

SERVER = "conda-store-server"
SERVER_VERSION = "2025.2.2"
NEEDED = ("conda_store_server", "conda_lock", "conda_package_handling", "conda_package_streaming", "rattler")
# conda-store-server 2025.2.2 says so: Requires-Python >=3.10,<3.13.
FIRST_TOO_NEW = (3, 13)


def why_unavailable() -> str | None:
    """Return a sentence that says why the local store cannot run here, null when it can."""
    if sys.platform == "win32":
        return (
            "The local store runs on Linux and macOS alone: on Windows use WSL, "
            "or set CONDA_STORE_URL to a conda-store server elsewhere."
        )
    if sys.version_info >= FIRST_TOO_NEW:
        return (
            f"The local store needs Python 3.10 to 3.12, which is as far as {SERVER} {SERVER_VERSION} goes, "
            f"and this is Python {sys.version_info[0]}.{sys.version_info[1]}: "
            "set CONDA_STORE_URL to a conda-store server elsewhere, or run Jupyter on an older Python."
        )
    try:
        installed = version(SERVER)
    except PackageNotFoundError:
        installed = ""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if not installed or missing:
        return (
            "The local store is not installed: run `pip install 'conda-store-labext[local]'` "
            "in Jupyter's environment, or set CONDA_STORE_URL to a conda-store server elsewhere."
        )
    if installed != SERVER_VERSION:
        return (
            f"The local store needs {SERVER} {SERVER_VERSION}, and {installed} is installed: "
            "run `pip install 'conda-store-labext[local]'` in Jupyter's environment."
        )
    return None
