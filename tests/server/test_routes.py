"""Every route: what it answers, whom it refuses, and what conda-store's refusals become."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from conda_store_labext.extension.base import CondaStoreHandler
from conda_store_labext.extension.routes import table
from tests.server.asking import Ask, Fetched, ended
from tests.stores import RunningStore

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WITH_BODY = ("POST", "PUT", "PATCH")


def every_route() -> list[tuple[str, str]]:
    """Return each method and an example path of every route that the extension has."""
    examples = []
    for pattern, handler in table():
        path = re.sub(r"\((?:[^)]*\|)?([^)|]*)\)", _example, pattern).replace("\\", "")
        for method in METHODS:
            if getattr(handler, method.lower()) is not getattr(CondaStoreHandler, method.lower()):
                examples.append((method, path.lstrip("/")))
    return examples


def _example(group: re.Match[str]) -> str:
    """Return what one of a pattern's groups matches: one of its words, a copy's key, or a number."""
    if group[1].isalpha():
        return group[1]
    return "0-1" if "]+-[" in group[1] else "1"


def test_the_table_of_routes_is_whole() -> None:
    patterns = [pattern for pattern, _ in table()]
    assert len(every_route()) >= 34
    for method, path in every_route():
        matching = [pattern for pattern in patterns if re.fullmatch(pattern, f"/{path}")]
        assert len(matching) == 1, (method, path)


@pytest.mark.parametrize(("method", "path"), every_route())
async def test_a_stranger_is_refused(
    method: str, path: str, jp_serverapp: ServerApp, http_server_client: Any, jp_base_url: str
) -> None:
    refused = await http_server_client.fetch(
        jp_base_url + path,
        method=method,
        body="{}" if method in WITH_BODY else None,
        follow_redirects=False,
        raise_error=False,
    )
    assert refused.code in (302, 403)


@pytest.mark.parametrize(("method", "path"), [route for route in every_route() if route[0] != "GET"])
async def test_a_cookie_without_the_xsrf_token_is_refused(
    method: str, path: str, jp_serverapp: ServerApp, http_server_client: Any, jp_base_url: str
) -> None:
    signed_in = await http_server_client.fetch(
        f"{jp_base_url}api/status?token={jp_serverapp.identity_provider.token}"
    )
    cookies = "; ".join(cookie.split(";")[0] for cookie in signed_in.headers.get_list("Set-Cookie"))
    assert "username-" in cookies
    allowed = await http_server_client.fetch(
        f"{jp_base_url}conda-store/local-store", headers={"Cookie": cookies}, raise_error=False
    )
    assert allowed.code == 200, "the cookie signs in"
    refused = await http_server_client.fetch(
        jp_base_url + path,
        method=method,
        body="{}" if method in WITH_BODY else None,
        headers={"Cookie": cookies},
        raise_error=False,
    )
    assert refused.code == 403
    assert json.loads(refused.body)["code"] == "refused"


async def test_status(ask: Ask, store: RunningStore) -> None:
    answer = await ask("GET", "status")
    assert answer.status == 200
    assert answer.json["url"] == store.url
    assert answer.json["reachable"] is True
    assert answer.json["authenticated"] is True
    assert answer.json["version"] == "2025.2.2"
    assert answer.json["error"] is None


async def test_environments_and_their_states(ask: Ask, store: RunningStore) -> None:
    answer = await ask("GET", "environments")
    assert answer.status == 200
    rows = {(row["namespace"], row["name"]): row for row in answer.json["environments"]}
    assert answer.json["count"] == len(rows)
    minimal, unsolvable = rows["default", "minimal"], rows["default", "unsolvable"]
    assert (minimal["status"], minimal["launchable"]) == ("COMPLETED", True)
    assert minimal["current_build_id"] == store.builds["minimal"]
    assert (unsolvable["status"], unsolvable["launchable"]) == ("FAILED", False)
    assert list(rows) == sorted(rows)


async def test_search_and_paging(ask: Ask) -> None:
    answer = (await ask("GET", "environments", search="minim")).json
    assert {row["name"] for row in answer["environments"]} == {"minimal"}
    assert (await ask("GET", "environments", search="no-such")).json["environments"] == []
    first, second = [(await ask("GET", "environments", page=page, size=1)).json for page in (1, 2)]
    assert first["count"] == second["count"] >= 2
    (environment,), (other,) = first["environments"], second["environments"]
    assert (environment["namespace"], environment["name"]) < (other["namespace"], other["name"])
    assert (await ask("GET", "environments", page=1000)).json["environments"] == []


@pytest.mark.parametrize("params", [{"page": 0}, {"size": 101}, {"size": "x"}, {"page": -1}, {"size": "٣"}])
async def test_bad_numbers_are_refused(ask: Ask, params: dict[str, Any]) -> None:
    for parts in (("environments",), ("environments", "default", "minimal", "builds")):
        answer = await ask("GET", *parts, **params)
        assert (answer.status, answer.json["code"]) == (400, "invalid_request")


async def test_builds_of_an_environment(ask: Ask, store: RunningStore) -> None:
    answer = await ask("GET", "environments", "default", "minimal", "builds")
    assert answer.status == 200
    ids = [build["id"] for build in answer.json["builds"]]
    assert store.builds["minimal"] in ids
    assert ids == sorted(ids, reverse=True), "newest first"
    assert answer.json["builds"][0]["size"] > 10_000_000
    missing = await ask("GET", "environments", "default", "no-such", "builds")
    assert (missing.status, missing.json["code"]) == (404, "not_found")


async def test_a_failed_build_says_why(ask: Ask, store: RunningStore) -> None:
    failed = (await ask("GET", "builds", str(store.builds["unsolvable"]))).json
    assert failed["status"] == "FAILED"
    assert failed["launchable"] is False
    assert "no-such-package-anywhere" in failed["reason"]
    built = (await ask("GET", "builds", str(store.builds["minimal"]))).json
    assert built["launchable"] is True
    assert built["reason"] is None
    missing = await ask("GET", "builds", "999999")
    assert (missing.status, missing.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"namespace": "default"},
        {"namespace": "default", "environment": 3},
        {"namespace": "default", "environment": "minimal", "build_id": "1"},
        {"namespace": "default", "environment": "minimal", "build_id": True},
        {"namespace": "default", "environment": "minimal", "build_id": -1},
    ],
)
async def test_a_malformed_wish_is_refused(ask: Ask, body: object) -> None:
    answer = await ask("POST", "copies", body=body)
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")


async def test_what_cannot_be_launched_says_why(ask: Ask, store: RunningStore) -> None:
    failed = await ask("POST", "copies", body={"namespace": "default", "environment": "unsolvable"})
    assert (failed.status, failed.json["code"]) == (409, "not_launchable")
    assert "failed" in failed.json["message"]
    other = {"namespace": "default", "environment": "minimal", "build_id": store.builds["unsolvable"]}
    wrong = await ask("POST", "copies", body=other)
    assert (wrong.status, wrong.json["code"]) == (404, "not_found")
    missing = await ask("POST", "copies", body={"namespace": "default", "environment": "no-such"})
    assert (missing.status, missing.json["code"]) == (404, "not_found")


async def test_unknown_copies_are_not_found(ask: Ask) -> None:
    for method, parts in (("DELETE", ()), ("POST", ("cancel",))):
        answer = await ask(method, "copies", "00000000-1", *parts)
        assert (answer.status, answer.json["code"]) == (404, "not_found")


async def test_two_callers_one_download(ask: Ask, fetched: Fetched, folder: Path) -> None:
    body = {"namespace": "default", "environment": "minimal"}
    answers = await asyncio.gather(*[ask("POST", "copies", body=body) for _ in range(10)])
    assert {answer.status for answer in answers} == {202}
    assert len({answer.json["key"] for answer in answers}) == 1
    done = await ended(ask, answers[0].json["key"])
    assert done["state"] == "ready", done
    assert len(list((folder / "v1" / "e").iterdir())) == 1
    again = await ask("POST", "copies", body=body)
    assert again.json["state"] == "ready"
    assert again.json["kernels"] == done["kernels"]


async def test_neither_an_answer_nor_the_log_holds_the_token(
    ask: Ask,
    fetched: Fetched,
    store: RunningStore,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await fetched("default", "minimal")
    await ask("POST", "copies", body={"namespace": "default", "environment": "unsolvable"})
    for method, path in every_route():
        if method == "GET":
            answer = await ask("GET", *path.split("/")[1:])
            assert store.admin_token not in answer.text
    printed = capfd.readouterr()
    assert "conda-store/copies" in caplog.text, "the log is looked at, down to its debug messages"
    assert store.admin_token not in caplog.text + printed.out + printed.err


class TestExpiredToken:
    """conda-store answers an expired token like a stranger's: with fewer rows and no error."""

    @pytest.fixture
    def token(self, store: RunningStore) -> str:
        return store.expired_token

    async def test_it_is_recognised_and_said_so(self, ask: Ask, store: RunningStore) -> None:
        status = (await ask("GET", "status")).json
        assert (status["reachable"], status["authenticated"]) == (True, False)
        assert status["error"]["code"] == "not_authenticated"
        assert "renew" in status["error"]["message"]
        assert store.expired_token not in json.dumps(status)
        listed = await ask("GET", "environments")
        assert (listed.status, listed.json["environments"]) == (200, []), "this store shows strangers nothing"

    async def test_what_is_not_public_names_the_token_as_the_reason(self, ask: Ask) -> None:
        body = {"namespace": "private", "environment": "thing"}
        answer = await ask("POST", "copies", body=body)
        assert (answer.status, answer.json["code"]) == (403, "not_authenticated")


class TestNothingConfigured:
    """Without a URL there is no server, and the panel can offer the local store."""

    @pytest.fixture
    def store_config(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
        monkeypatch.delenv("CONDA_STORE_URL", raising=False)
        return {}

    async def test_it_says_what_to_do(self, ask: Ask) -> None:
        status = (await ask("GET", "status")).json
        assert status["url"] is None
        assert status["error"]["code"] == "not_configured"
        assert status["local_store"]["state"] == "stopped"
        assert (await ask("GET", "copies")).json == {"copies": []}
        listed = await ask("GET", "environments")
        assert (listed.status, listed.json["code"]) == (503, "not_configured")
        assert "CONDA_STORE_URL" in listed.json["message"]


class TestConfigurationThatCannotWork:
    """A wrong configuration must not take the extension away: the panel says what is wrong."""

    @pytest.fixture
    def store_config(self) -> dict[str, object]:
        return {"url": "store.example", "auth": "magic"}

    async def test_it_is_said_so(self, ask: Ask) -> None:
        status = (await ask("GET", "status")).json
        assert status["error"]["code"] == "invalid_request"
        assert "CONDA_STORE_URL" in status["error"]["message"]
        assert (await ask("GET", "environments")).status == 400
