"""Two people on a JupyterHub, each with a token, in front of one conda-store and one shared store."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.cli.running import CommandLine, variables
from tests.headless.forwarder import Forwarder
from tests.headless.hub import DROPPED, PROXY, Hub, Person
from tests.store.test_shared import times
from tests.stores import PATIENCE, RunningStore, ended, ensure_started, signed_token

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("node") or not PROXY.exists(), reason="there is no Node.js"),
]

# Seconds after which the proxy drops a request, 60 on most hubs; `default` leaves the proxy as it comes.
SAID = os.environ.get("CONDA_STORE_LABEXT_HUB_LIMIT", "5")
LIMIT = 60.0 if SAID == "default" else float(SAID)
SLOW = 20_000_000 / LIMIT  # bytes a second, of some 27 MB


@pytest.fixture(scope="module")
def network(store: RunningStore) -> Iterator[Forwarder]:
    """The network between the people's servers and conda-store."""
    with Forwarder(store.url) as forwarder:
        yield forwarder


@pytest.fixture(scope="module")
def shared(store: RunningStore, network: Forwarder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that an administrator has filled, and nobody else may write to."""
    folder = tmp_path_factory.mktemp("shared")
    administrator = CommandLine(variables(store, tmp_path_factory.mktemp("administrator")))
    administrator.json(
        "pull", "default/minimal", CONDA_STORE_URL=network.url, CONDA_STORE_LABEXT_FOLDER=str(folder)
    )
    return folder


@pytest.fixture(scope="module")
def tokens(store: RunningStore) -> dict[str, str]:
    """Each person's token for one namespace; each of the namespaces has one environment."""
    ensure_started(store, "minimal", "hub-ada")
    ensure_started(store, "unsolvable", "hub-grace")
    return {
        name: signed_token(store.local, {f"hub-{name}/*": ["viewer"]}, days=1) for name in ("ada", "grace")
    }


@pytest.fixture(scope="module")
def hub(
    tokens: dict[str, str], network: Forwarder, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hub]:
    """The hub."""
    environment = {
        "CONDA_STORE_URL": network.url,
        "CONDA_STORE_LABEXT_SHARED": str(shared),
        "PYTHONDONTWRITEBYTECODE": "1",  # what an environment's Python cannot do there unless it is root
    }
    with Hub(
        tmp_path_factory.mktemp("hub"), tokens, environment, None if SAID == "default" else LIMIT
    ) as running:
        yield running


@pytest.fixture(scope="module")
def people(hub: Hub) -> Iterator[tuple[Person, Person]]:
    """Both, signed in."""
    with Person(hub, "ada") as ada, Person(hub, "grace") as grace:
        yield ada, grace


def reach(person: Person, namespace: str, environment: str) -> dict[str, Any]:
    """Have an environment brought to a person's server and return how that ended."""
    begun = person.ask("POST", "conda-store/copies", {"namespace": namespace, "environment": environment})
    assert begun.status_code == 202, begun.text
    deadline = time.monotonic() + PATIENCE + 4 * LIMIT
    while time.monotonic() < deadline:
        listed = person.ask("GET", "conda-store/copies")
        assert listed.ok, listed.text
        (now,) = [copy for copy in listed.json()["copies"] if copy["key"] == begun.json()["key"]]
        if now["state"] not in ("waiting", "running"):
            return cast("dict[str, Any]", now)
        time.sleep(0.2)
    raise AssertionError("it did not end")


def test_each_sees_what_the_token_may_see(people: tuple[Person, Person]) -> None:
    seen = []
    for person in people:
        assert person.ask("GET", "conda-store/status").json()["authenticated"] is True
        listed = person.ask("GET", "conda-store/environments?size=100").json()["environments"]
        seen.append({row["namespace"] for row in listed} - {"default"})
    assert seen == [{"hub-ada"}, {"hub-grace"}]
    refused = people[1].ask("POST", "conda-store/copies", {"namespace": "hub-ada", "environment": "minimal"})
    assert refused.status_code in (403, 404), refused.text


async def test_both_run_what_the_administrator_pulled(people: tuple[Person, Person], shared: Path) -> None:
    before = times(shared)
    for person in people:
        done = reach(person, "default", "minimal")
        assert str(done["prefix"]).startswith(str(shared))
        (kernel,) = done["kernels"]
        assert await person.run(kernel["name"], "import sys; print(sys.base_prefix)") == done["prefix"]
    assert times(shared) == before, "nobody writes there"


async def test_what_takes_longer_than_the_proxy_waits(
    people: tuple[Person, Person], network: Forwarder, store: RunningStore
) -> None:
    ada = people[0]
    ended(store, ensure_started(store, "minimal", "hub-ada"))  # it was built while the hub started
    network.flowing.clear()
    try:
        dropped = ada.ask("GET", "conda-store/environments?size=1", tries=1)
    finally:
        network.flowing.set()
    assert dropped.status_code in DROPPED, "what waits for conda-store is dropped, or told so"

    network.rate = SLOW
    began = time.monotonic()
    try:
        done = reach(ada, "hub-ada", "minimal")
    finally:
        network.rate = None
    assert time.monotonic() - began > LIMIT
    assert done["state"] == "ready", done
    (kernel,) = done["kernels"]
    assert await ada.run(kernel["name"], "import sys; print(sys.base_prefix)") == done["prefix"]


def test_no_token_is_told_to_anybody(people: tuple[Person, Person], tokens: dict[str, str], hub: Hub) -> None:
    for person in people:
        for path in (
            "lab",
            "api/kernelspecs",
            "api/kernels",
            "conda-store/status",
            "conda-store/local-store",
        ):
            assert person.ask("GET", path).ok
        assert len(person.answers) > 10
        for token in tokens.values():
            assert not any(token in answer for answer in person.answers)
    assert not any(token in hub.log for token in tokens.values())
