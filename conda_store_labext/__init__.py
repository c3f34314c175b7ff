"""From an environment in conda-store to a running Jupyter kernel: the extension points."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "conda-store-labext"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .extension.app import CondaStoreApp

    return [{"module": "conda_store_labext", "app": CondaStoreApp}]
