"""A Jupyter server with the extension on, in front of the session's real conda-store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from tests.server.asking import Answer, Ask, Fetch, Fetched, ended
from tests.stores import PATIENCE, RunningStore


@pytest.fixture
def token(store: RunningStore) -> str:
    """The token that the Jupyter server holds; tests override it."""
    return store.admin_token


@pytest.fixture
def store_config(store: RunningStore, token: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The extension's configuration: the server and the token come from the environment, as on a hub."""
    monkeypatch.setenv("CONDA_STORE_URL", store.url)
    monkeypatch.setenv("CONDA_STORE_TOKEN", token)
    return {"timeout": 20.0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder for local copies."""
    return tmp_path / "copies"


@pytest.fixture
def jp_server_config(store_config: dict[str, Any], folder: Path) -> Config:
    """A server as people run it: signed-in users only."""
    return Config(
        {
            "ServerApp": {
                "jpserver_extensions": {"conda_store_labext": True},
                "allow_unauthenticated_access": False,
            },
            "CondaStoreApp": {**store_config, "folder": str(folder)},
        }
    )


@pytest.fixture
def ask(jp_fetch: Fetch) -> Ask:
    """Send one request to a route below `conda-store/` and return what it answered, errors included."""

    async def send(method: str, *parts: str, body: object = None, **params: str | int) -> Answer:
        data = json.dumps(body) if body is not None else ("" if method == "POST" else None)
        response = await jp_fetch(
            "conda-store",
            *parts,
            method=method,
            body=data,
            params=params,
            request_timeout=PATIENCE,
            raise_error=False,
        )
        return Answer(response)

    return send


@pytest.fixture
def fetched(ask: Ask) -> Fetched:
    """Fetch a build over HTTP and wait until it has ended."""

    async def run(namespace: str, environment: str, build_id: int | None = None) -> dict[str, Any]:
        body = {"namespace": namespace, "environment": environment, "build_id": build_id}
        started = await ask("POST", "copies", body=body)
        assert started.status == 202, started.text
        return await ended(ask, started.json["key"])

    return run
