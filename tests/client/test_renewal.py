"""Tokens that a hub hands out: who gets which, and a session that lives longer than one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from conda_store_labext.client import renewal
from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection, connection_from_environment
from conda_store_labext.client.hub.roles import Roles
from conda_store_labext.client.hub.service import Tokens, serve
from conda_store_labext.errors import InvalidRequest, NotAuthenticated, ServerUnreachable
from tests.stores import RunningStore, ensure_started


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    """Let a server answer meanwhile; its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class StandInHub:
    """The one question that is asked of a hub, `GET /user`: `users` has the answers by the hub's tokens."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}

    def has(self, token: str, name: str, *groups: str, scopes: tuple[str, ...] | None = None) -> None:
        """Say whose a token is, by default that of a user's server."""
        own = (f"access:servers!server={name}/", f"users:activity!user={name}")
        self.users[f"token {token}"] = {
            "kind": "user",
            "name": name,
            "groups": list(groups),
            "scopes": list(own if scopes is None else scopes),
        }

    @contextmanager
    def running(self) -> Iterator[str]:
        """Let it answer meanwhile; its address."""
        users = self.users

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                user = users.get(self.headers.get("Authorization", ""))
                body = json.dumps(user or {"message": "Forbidden"}).encode()
                self.send_response(200 if user else 403)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
            yield address


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> StandInHub:
    """A hub; this process is ada's server."""
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "ada-token")
    monkeypatch.setattr(renewal, "AGAIN", 0.0)
    return StandInHub()


@contextmanager
def service(
    store: RunningStore, hub: StandInHub, roles: Roles, lifetime: float = 3600.0
) -> Iterator[Connection]:
    """Let the service hand out tokens meanwhile; the connection of a server that gets them."""
    with hub.running() as address:
        tokens = Tokens(store.client(), address, roles, "default", lifetime)
        with running(serve(tokens, "127.0.0.1", 0)) as url:
            yield Connection(store.url, auth="token", token_url=url)


def namespaces(connection: Connection) -> set[str]:
    """Return the namespaces of all environments that a client sees which has asked nothing so far."""
    page = CondaStoreClient(connection).environments(size=100)
    return {row.namespace for row in page.environments} - {"default"}


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_session_outlives_its_tokens_and_follows_the_groups(store: RunningStore, hub: StandInHub) -> None:
    ensure_started(store, "unsolvable", "renewal-a")
    ensure_started(store, "unsolvable", "renewal-b")
    hub.has("ada-token", "ada", "renewal-a")
    with service(store, hub, Roles(each_group={"{group}/*": "editor"}), lifetime=3.0) as connection:
        first = renewal.handed_out(connection.token_url).token()
        assert namespaces(connection) == {"renewal-a"}
        time.sleep(3.5)  # the time that the token has
        assert namespaces(connection) == {"renewal-a"}
        CondaStoreClient(connection).require_authenticated()
        assert renewal.handed_out(connection.token_url).token() != first
        hub.has("ada-token", "ada", "renewal-b")
        until(lambda: namespaces(connection) == {"renewal-b"})


def test_a_token_does_while_its_hub_is_away_and_no_longer(
    store: RunningStore, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = 0.0
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + later)
    monkeypatch.setattr(renewal, "time", clock)
    hub.has("ada-token", "ada")
    with service(store, hub, Roles({"default/*": "viewer"}), lifetime=3600.0) as connection:
        client = CondaStoreClient(connection)
        client.require_authenticated()
    later = 3400.0  # it is to be renewed
    client.require_authenticated()
    later = 3601.0  # it has ended
    with pytest.raises(ServerUnreachable, match="hands out tokens"):
        client.require_authenticated()


def test_a_token_that_conda_store_does_not_know_is_asked_for_once_more(
    store: RunningStore, hub: StandInHub
) -> None:
    """As when conda-store was given another secret, and answers 200 with what everybody may see."""

    class Forgotten(Tokens):
        given = 0

        def for_whom(self, authorization: str) -> dict[str, Any]:
            type(self).given += 1
            known = super().for_whom(authorization)
            return known | ({"token": store.expired_token} if self.given == 1 else {})

    hub.has("ada-token", "ada")
    with hub.running() as address:
        tokens = Forgotten(store.client(), address, Roles({"default/*": "viewer"}), "default", 3600.0)
        with running(serve(tokens, "127.0.0.1", 0)) as url:
            client = CondaStoreClient(Connection(store.url, auth="token", token_url=url))
            client.require_authenticated()
            assert Forgotten.given == 2
            assert client.permissions().authenticated


@pytest.mark.parametrize(
    ("groups", "scopes", "sentence"),
    [
        ((), None, "gives ada no role"),
        (("others",), None, "gives ada no role"),
        (("team",), (), "does not belong to a server"),
        (("team",), ("access:servers!server=adam/",), "does not belong to a server"),
    ],
)
def test_who_may_nothing_gets_no_token(
    store: RunningStore,
    hub: StandInHub,
    groups: tuple[str, ...],
    scopes: tuple[str, ...] | None,
    sentence: str,
) -> None:
    hub.has("ada-token", "ada", *groups, scopes=scopes)
    with (
        service(store, hub, Roles(groups={"team": {"team/*": "viewer"}})) as connection,
        pytest.raises(NotAuthenticated, match=sentence),
    ):
        CondaStoreClient(connection).version()


def test_somebody_whom_the_hub_does_not_know_gets_none(store: RunningStore, hub: StandInHub) -> None:
    with (
        service(store, hub, Roles({"default/*": "viewer"})) as connection,
        pytest.raises(NotAuthenticated, match="does not know this token"),
    ):
        CondaStoreClient(connection).version()


def test_groups_with_odd_names_get_no_more_than_was_configured() -> None:
    roles = Roles(
        everybody={"{user}/*": "editor", "default/*": "viewer"},
        groups={"/data/team A": {"team-a/*": "viewer"}, "admin": {"team-a/*": "editor"}},
        each_group={"{group}/*": "viewer"},
    )
    odd = ["/data/team A", "ab", "Ünï", "x" * 300, "admin", ".+", "*", "a.b", ""]
    bindings, left_out = roles.of("ada@example", odd)
    assert bindings == {
        "ada@example/*": ["editor"],
        "default/*": ["viewer"],
        "team-a/*": ["viewer", "editor"],
        "ab/*": ["viewer"],
        "x" * 300 + "/*": ["viewer"],
        "admin/*": ["viewer"],
    }
    assert left_out == ("/data/team A", "Ünï", ".+", "*", "a.b", "")
    assert Roles.from_json(roles.to_json()) == roles
    assert roles.of("*", []) == ({"default/*": ["viewer"]}, ("*",))


@pytest.mark.parametrize("wrong", [{"analysis": "viewer"}, {"a b/*": "viewer"}, {"analysis/*": "owner"}])
def test_what_is_no_role_is_refused_where_it_is_configured(wrong: dict[str, str]) -> None:
    for roles in ({"everybody": wrong}, {"groups": {"team": wrong}}, {"each_group": wrong}):
        with pytest.raises(InvalidRequest, match=r"is no (pattern|role)"):
            Roles(**roles)


def test_the_address_is_read_from_the_variables_and_a_token_goes_before_it() -> None:
    environ = {"CONDA_STORE_URL": "http://store.example", renewal.ADDRESS: "http://hub.example:1/"}
    connection = connection_from_environment(environ)
    assert connection is not None
    assert (connection.auth, connection.token_url) == ("token", "http://hub.example:1/")
    own = connection_from_environment(environ | {"CONDA_STORE_TOKEN": "mine"})
    assert own is not None
    assert own.auth_for("http://store.example")(_request()).headers["Authorization"] == "Bearer mine"


def _request() -> Any:
    import requests

    return requests.Request("GET", "http://store.example").prepare()
