"""A plugin for pytest that puts our server extension beside jupyter_server, for its own tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SETTINGS = {
    "ServerApp": {
        "jpserver_extensions": {"conda_store_labext": True},
        "kernel_spec_manager_class": "conda_store_labext.on_demand.managers.CondaStoreKernelSpecManager",
    }
}


@pytest.fixture(autouse=True)
def beside(jp_config_dir: Path) -> None:
    """Configure every server of the tests."""
    jp_config_dir.mkdir(parents=True, exist_ok=True)
    (jp_config_dir / "jupyter_server_config.json").write_text(json.dumps(SETTINGS))
