"""A Jupyter that cannot run the local store uses the one that runs for the same user all the same."""

from __future__ import annotations

import pytest

from conda_store_labext.copies.upstream import Upstream
from conda_store_labext.errors import LocalStoreError
from conda_store_labext.local import LocalServer, local_server
from conda_store_labext.models import LocalStoreState
from tests.stores import RunningStore


def test_a_running_store_is_used_without_the_packages_that_run_one(
    store: RunningStore, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_server, "why_unavailable", lambda: "The local store is not installed: ...")
    assert store.local.status().state is LocalStoreState.RUNNING
    upstream = Upstream(None, store.local)
    try:
        assert upstream.connection().url == store.url
        assert upstream.client().environment("default", "minimal").name == "minimal"
    finally:
        upstream.close()
    other = LocalServer(tmp_path_factory.mktemp("other"))
    assert other.status().state is LocalStoreState.UNAVAILABLE
    with pytest.raises(LocalStoreError, match="not installed"):
        other.start()
