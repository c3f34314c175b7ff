"""The program with a data folder of its own, in front of the session's real conda-store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import CommandLine, variables
from tests.stores import RunningStore


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Jupyter's data folder."""
    return tmp_path / "data"


@pytest.fixture
def command_line(store: RunningStore, data_dir: Path) -> CommandLine:
    """The program, signed in as the store's administrator."""
    return CommandLine(variables(store, data_dir.parent))
