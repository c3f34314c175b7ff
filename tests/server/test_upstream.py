"""Conda-store's refusals and faults, passed on by every route that asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.asking import Answer, Ask
from tests.server.upstream import Upstream, upstream

TOKEN = "a-token-that-must-not-leak"
YAML = "name: some\nchannels: [conda-forge]\ndependencies: [python]\n"

# every route that asks conda-store, with a body that it takes
ASKING: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "environments", None),
    ("GET", "environments/default/some", None),
    ("PATCH", "environments/default/some", {"description": "new"}),
    ("PATCH", "environments/default/some", {"current_build_id": 1}),
    ("DELETE", "environments/default/some", None),
    ("GET", "environments/default/some/builds", None),
    ("GET", "namespaces", None),
    ("POST", "namespaces", {"name": "new"}),
    ("DELETE", "namespaces/old", None),
    ("POST", "builds", {"namespace": "default", "specification": YAML}),
    ("GET", "builds/1", None),
    ("DELETE", "builds/1", None),
    ("POST", "builds/1/rebuild", None),
    ("POST", "builds/1/cancel", None),
    ("GET", "builds/1/log", None),
    ("GET", "builds/1/packages", None),
    ("GET", "builds/1/specification", None),
    ("GET", "builds/1/changes?since=2", None),
    ("GET", "builds/1/artifacts/archive", None),
    ("POST", "preview", {"namespace": "default", "specification": YAML}),
    ("GET", "packages", None),
    ("GET", "packages/python/versions", None),
]
BECOMES = {
    401: (403, "not_authenticated"),
    403: (403, "forbidden"),
    404: (404, "not_found"),
    409: (409, "conflict"),
    422: (400, "invalid_request"),
    500: (502, "server_error"),
}


@pytest.fixture
def faulty() -> Iterator[Upstream]:
    """A conda-store that answers as it is told."""
    with upstream() as server:
        yield server


@pytest.fixture
def store_config(faulty: Upstream) -> dict[str, object]:
    """A configuration that leads to it."""
    return {"url": faulty.url, "auth": "token", "token": TOKEN, "timeout": 1.0}


async def everywhere(ask: Ask) -> list[tuple[str, Answer]]:
    """Ask every route, some at a time."""
    answers = []
    for start in range(0, len(ASKING), 6):
        some = ASKING[start : start + 6]
        sent = [_send(ask, method, path, body) for method, path, body in some]
        received = await asyncio.gather(*sent)
        answers += [
            (f"{method} {path}", answer) for (method, path, _), answer in zip(some, received, strict=True)
        ]
    return answers


def _send(ask: Ask, method: str, path: str, body: dict[str, Any] | None) -> Any:
    parts, _, query = path.partition("?")
    params = dict([query.split("=")]) if query else {}
    return ask(method, *parts.split("/"), body=body, **params)


def is_a_sentence(answer: Answer) -> bool:
    """Tell whether an answer says in one line what happened and what to do, and nothing that is secret."""
    message = answer.json["message"]
    return message.endswith(".") and "\n" not in message and ("; " in message) and TOKEN not in answer.text


@pytest.mark.parametrize("status", BECOMES)
async def test_a_refusal_is_passed_on_as_a_sentence(ask: Ask, faulty: Upstream, status: int) -> None:
    faulty.status, faulty.body = status, b'{"status": "error", "message": "so it\\nsaid"}'
    for route, answer in await everywhere(ask):
        assert (answer.status, answer.json["code"]) == BECOMES[status], (route, answer.text)
        assert is_a_sentence(answer), (route, answer.text)


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"[1]", b'{"data": null}', b'{"data": 3}'])
async def test_what_is_not_conda_store_is_recognised(ask: Ask, faulty: Upstream, body: bytes) -> None:
    faulty.body = body
    for route, answer in await everywhere(ask):
        assert (answer.status, answer.json["code"]) == (502, "server_error"), (route, answer.text)
        assert is_a_sentence(answer), (route, answer.text)


async def test_a_server_that_says_nothing_is_not_waited_for(ask: Ask, faulty: Upstream) -> None:
    faulty.silent = True
    for route, answer in await everywhere(ask):
        assert (answer.status, answer.json["code"]) == (504, "server_timeout"), (route, answer.text)
        assert is_a_sentence(answer), (route, answer.text)


async def test_a_server_that_has_gone_is_said_to_be(ask: Ask, faulty: Upstream) -> None:
    faulty.shutdown()
    faulty.server_close()
    for route, answer in await everywhere(ask):
        assert (answer.status, answer.json["code"]) == (503, "server_unreachable"), (route, answer.text)
        assert is_a_sentence(answer), (route, answer.text)
