"""A local store that belongs to these tests alone, so that they may end it as they like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_store_labext.local import LocalServer
from conda_store_labext.local.availability import why_unavailable
from tests.stores import offline_settings

if why_unavailable():
    # what they import is not there
    collect_ignore_glob = ["test_[!a]*.py"]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, channels: Path) -> Iterator[LocalServer]:
    """A local store that does not run yet."""
    store = LocalServer(tmp_path_factory.mktemp("own") / "local", offline_settings(channels))
    yield store
    store.stop()
