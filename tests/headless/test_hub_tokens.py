"""Two people on a JupyterHub that asks conda-store for their tokens, by the groups that they are in."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_store_labext.client.renewal import ADDRESS
from tests.headless.hub import PROXY, Hub, Person, free_ports
from tests.stores import RunningStore, ensure_started, signed_token, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("node") or not PROXY.exists(), reason="there is no Node.js"),
]

LIFETIME = 6.0  # seconds that a token lives
GIVE_TOKENS = """
from conda_store_labext.client.hub import give_tokens
c.JupyterHub.load_groups = settings["tokens"].pop("members")
give_tokens(c, **settings["tokens"])
"""


@pytest.fixture(scope="module")
def service_token(store: RunningStore) -> str:
    """The token that only the hub may have."""
    ensure_started(store, "unsolvable", "team-a")
    ensure_started(store, "unsolvable", "team-b")
    return signed_token(store.local, {"*/*": ["admin"]}, days=2)


@pytest.fixture(scope="module")
def address() -> str:
    """The address of the service that hands out the tokens."""
    return f"http://127.0.0.1:{free_ports(1)[0]}"


@pytest.fixture(scope="module")
def hub(
    store: RunningStore, service_token: str, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hub]:
    """The hub; grace's group has a name that no namespace can have."""
    tokens = {
        "members": {"team-a": {"users": ["ada"]}, "/data/Team B": {"users": ["grace"]}},
        "url": store.url,
        "token": service_token,
        "groups": {"/data/Team B": {"team-b/*": "editor"}},
        "each_group": {"{group}/*": "viewer"},
        "lifetime": LIFETIME,
        "address": address,
    }
    people = dict.fromkeys(("ada", "grace"), "")
    folder = tmp_path_factory.mktemp("hub")
    with Hub(folder, people, {}, None, GIVE_TOKENS, tokens) as running:
        yield running


@pytest.fixture(scope="module")
def people(hub: Hub) -> Iterator[tuple[Person, Person]]:
    """Both, signed in."""
    with Person(hub, "ada") as ada, Person(hub, "grace") as grace:
        yield ada, grace


def seen_by(person: Person) -> set[str]:
    """Return the namespaces that somebody sees environments of, without those that everybody sees."""
    status = person.ask("GET", "conda-store/status").json()
    assert status["authenticated"] is True, status
    listed = person.ask("GET", "conda-store/environments?size=100").json()["environments"]
    return {row["namespace"] for row in listed} - {"default"}


def test_each_sees_what_the_groups_may_see_and_goes_on_doing_so(people: tuple[Person, Person]) -> None:
    began = time.monotonic()
    while True:
        assert [seen_by(person) for person in people] == [{"team-a"}, {"team-b"}]
        if time.monotonic() - began > 2 * LIFETIME:
            break
        time.sleep(1)
    assert [may(person, "team-a") for person in people] == [False, False], "a viewer builds nothing"
    assert [may(person, "team-b") for person in people] == [False, True]


def may(person: Person, namespace: str) -> bool:
    """Tell whether somebody may build in a namespace."""
    listed = person.ask("GET", "conda-store/namespaces").json()["namespaces"]
    return any(row["name"] == namespace and "create_environment" in row["may"] for row in listed)


def test_the_service_token_stays_in_the_hub(
    people: tuple[Person, Person], hub: Hub, service_token: str, address: str
) -> None:
    assert all(person.ask("GET", "lab").ok for person in people)
    assert service_token not in hub.log
    assert not any(service_token in answer for person in people for answer in person.answers)
    asked_at = f"{ADDRESS}={address}\0".encode()
    users = [environ for _, environ in processes() if asked_at in environ]
    assert len(users) >= 2
    assert not any(b"CONDA_STORE_TOKEN=" in environ for environ in users)
    holders = [command for command, environ in processes() if service_token.encode() in environ]
    assert len(holders) == 1
    assert b"conda_store_labext.client.hub" in holders[0]
    assert not any(service_token.encode() in command for command, _ in processes())
    assert "'/data/Team B' cannot be a namespace's name in a role; user 'grace' goes without it" in hub.log


def test_the_service_is_started_again(people: tuple[Person, Person], service_token: str) -> None:
    (pid,) = [pid for pid, environ in by_pid() if service_token.encode() in environ]
    os.kill(int(pid.name), signal.SIGKILL)
    wait_until(lambda: any(service_token.encode() in environ for _, environ in by_pid()))
    wait_until(lambda: people[0].ask("GET", "conda-store/status").json()["authenticated"] is True)
    assert seen_by(people[0]) == {"team-a"}


def by_pid() -> Iterator[tuple[Path, bytes]]:
    """Yield the folder and the variables of every process."""
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit():
                yield folder, (folder / "environ").read_bytes()
        except OSError:
            continue


def processes() -> Iterator[tuple[bytes, bytes]]:
    """Yield the command and the variables of every process."""
    for folder, environ in by_pid():
        try:
            yield (folder / "cmdline").read_bytes(), environ
        except OSError:
            continue
