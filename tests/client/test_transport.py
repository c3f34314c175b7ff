"""Redirects, faults and what is sent along, against a server that misbehaves on purpose."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conda_store_labext.client import buildfiles
from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.client.transport import Transport
from conda_store_labext.copies.upstream import Upstream
from conda_store_labext.errors import (
    CondaStoreLabError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    ServerError,
    ServerTimeout,
    ServerUnreachable,
)
from conda_store_labext.local import LocalServer

TOKEN = "a-token-that-must-not-leak"
Respond = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(respond: Respond) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """Serve with a function on a free port; yields the URL and the requests as they came."""
    seen: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self)
            respond(self)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, body: bytes = b"", **headers: str) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def wait(over: threading.Event) -> None:
    over.wait(60)


def connection(url: str, timeout: float = 60) -> Connection:
    return Connection(url, auth="token", token=TOKEN, timeout=timeout)


def test_a_redirect_to_another_host_gets_the_request_without_the_token() -> None:
    with (
        serving(answering(200, b"the archive")) as (bucket, asked_there),
        serving(answering(307, Location=f"{bucket}/presigned?signature=1")) as (store, asked_here),
    ):
        response = CondaStoreClient(connection(store)).open_artifact(1, "archive")
        assert response.read(100) == b"the archive"
    assert asked_here[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked_there[0].path == "/presigned?signature=1"
    assert "Authorization" not in asked_there[0].headers
    assert TOKEN not in str(asked_there[0].headers)


def test_the_token_follows_a_redirect_within_the_server() -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.endswith("/logs/"):
            answering(307, Location="/storage/logs/1.log")(handler)
        else:
            answering(200, b"the log")(handler)

    with serving(respond) as (store, asked):
        assert CondaStoreClient(connection(store)).log(1) == "the log"
    assert [request.headers["Authorization"] for request in asked] == [f"Bearer {TOKEN}"] * 2


def test_a_lockfile_is_read_no_further_than_it_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buildfiles, "MAX_LOCKFILE", 1000)
    for size, error in ((900, None), (1100, ServerError)):
        body = json.dumps({"package": "x" * size}).encode()
        with serving(answering(200, body)) as (store, _):
            client = CondaStoreClient(connection(store))
            if error is None:
                assert client.lockfile(1) == {"package": "x" * size}
            else:
                with pytest.raises(error, match="larger than"):
                    client.lockfile(1)


def test_a_client_whose_server_has_moved_still_answers_those_who_ask_it(tmp_path: Path) -> None:
    with serving(answering(200, b'{"data": {"version": "1"}}')) as (first, _):
        upstream = Upstream(connection(first), LocalServer(tmp_path))
        asked = upstream.client()
        with serving(answering(200, b'{"data": {"version": "2"}}')) as (second, _):
            upstream.configured = connection(second)
            assert upstream.client().version() == "2"
            assert asked.version() == "1"
            with pytest.raises(ServerError, match="not as conda-store does"):
                asked.environments()  # several questions at a time
        upstream.close()


def test_neither_cookies_nor_netrc_are_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password netrc-password\n")
    monkeypatch.setenv("NETRC", str(netrc))
    answer = answering(200, b'{"data": {}}', **{"Set-Cookie": "conda-store-auth=stale; Path=/"})
    with serving(answer) as (store, asked):
        transport = Transport(Connection(store))
        transport.json("api/v1/")
        transport.json("api/v1/")
    for request in asked:
        assert "Cookie" not in request.headers
        assert "Authorization" not in request.headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest),
        (401, NotAuthenticated),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (422, InvalidRequest),
        (500, ServerError),
        (503, ServerError),
    ],
)
def test_every_refusal_is_one_sentence_with_what_the_server_said(
    status: int, kind: type[CondaStoreLabError]
) -> None:
    body = json.dumps({"status": "error", "message": "said\nthe server"}).encode()
    with serving(answering(status, body)) as (store, _), pytest.raises(CondaStoreLabError) as caught:
        Transport(connection(store)).json("api/v1/")
    assert type(caught.value) is kind
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert TOKEN not in sentence
    # these two say what to do about the credential instead
    assert ("said the server" in sentence) == (status not in (401, 403))


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"[]", b'{"no": "envelope"}', b"\xff"])
def test_what_is_not_conda_store_is_said_so(body: bytes) -> None:
    with (
        serving(answering(200, body)) as (store, _),
        pytest.raises(ServerError, match="not as conda-store does"),
    ):
        Transport(connection(store)).json("api/v1/")


def test_a_server_that_says_nothing_times_out() -> None:
    over = threading.Event()
    with serving(lambda _handler: wait(over)) as (store, _):
        with pytest.raises(ServerTimeout, match=r"within 0\.2 seconds"):
            Transport(connection(store, timeout=0.2)).json("api/v1/")
        over.set()


def test_a_redirect_in_circles_ends() -> None:
    with (
        serving(answering(307, Location="/api/v1/")) as (store, asked),
        pytest.raises(ServerError, match="in circles"),
    ):
        Transport(connection(store)).json("api/v1/")
    assert len(asked) == 6


def test_a_closed_port_is_unreachable() -> None:
    with serving(answering(200)) as (store, _):
        pass
    with pytest.raises(ServerUnreachable, match="cannot be reached"):
        Transport(connection(store)).json("api/v1/")


def test_nothing_fails_because_the_server_has_just_closed_the_connections_that_were_kept() -> None:
    """A server closes a connection that was idle for a while, maybe at the moment of the next request."""
    answer, ending = (answering(200, b'{"data": []}', **headers) for headers in ({}, {"Connection": "close"}))
    answered = set()
    together = threading.Barrier(2)

    def once_by_each_connection(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.close_connection = "close" in handler.headers["Connection"] or handler in answered
        if handler.path.endswith("together"):
            together.wait(60)
        if handler not in answered:
            (ending if handler.close_connection else answer)(handler)
        answered.add(handler)

    with serving(once_by_each_connection) as (store, asked):
        transport = Transport(connection(store))
        with ThreadPoolExecutor(2) as pool:  # two connections are kept
            assert [envelope for envelope, _ in pool.map(transport.json, ["together"] * 2)] == [
                {"data": []}
            ] * 2
        for method in ("POST", "POST", "GET"):
            assert transport.send(method, "api/v1/").json() == {"data": []}
        assert [handler.command for handler in asked] == ["GET", "GET", "POST", "POST", "GET", "GET"]
        transport.close()


def test_a_storage_that_cannot_be_reached_is_named_with_the_setting_that_is_meant() -> None:
    with serving(answering(200)) as (bucket, _):
        pass
    with (
        serving(answering(307, Location=f"{bucket}/archive?X-Amz-Signature=secret")) as (store, _),
        pytest.raises(ServerUnreachable, match=r"S3Storage\.external_endpoint") as caught,
    ):
        CondaStoreClient(connection(store)).open_artifact(1, "archive")
    assert f"{bucket}, which cannot be reached" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 403])
def test_a_storage_that_refuses_the_signed_link_is_not_taken_for_conda_store(status: int) -> None:
    with (
        serving(answering(status, b"<Code>RequestTimeTooSkewed</Code>")) as (bucket, _),
        serving(answering(307, Location=f"{bucket}/archive?X-Amz-Signature=secret")) as (store, _),
        pytest.raises(Forbidden, match="clocks agree") as caught,
    ):
        CondaStoreClient(connection(store)).open_artifact(1, "archive")
    assert f"{bucket} refuses the link" in str(caught.value)
    assert "secret" not in str(caught.value)
