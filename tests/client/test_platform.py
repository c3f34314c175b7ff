"""The platform that the server builds for."""

from __future__ import annotations

import requests

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.models.platform import this_platform
from tests.stores import RunningStore


def test_it_is_the_first_one_that_is_solved_for_unless_this_machines_is_among_them(
    store: RunningStore,
) -> None:
    ours = this_platform()
    assert store.client().platform() == ours
    url = f"{store.url}/api/v1/setting/default/"
    headers = {"Authorization": f"Bearer {store.admin_token}"}

    def solve_for(*platforms: str) -> str:
        body = {"conda_solve_platforms": platforms}
        requests.put(url, json=body, headers=headers, timeout=30).raise_for_status()
        return store.client().platform()

    try:
        assert solve_for("win-64", "osx-64") == "win-64"
        assert solve_for("win-64", ours) == ours
    finally:
        solve_for(ours)


def test_it_is_this_machines_for_whom_the_server_does_not_tell(store: RunningStore) -> None:
    client = CondaStoreClient(Connection(store.url, auth="token", token=store.viewer_token))
    assert client.platform() == this_platform()
