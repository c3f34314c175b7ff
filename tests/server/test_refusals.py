"""Refusals of what is not permitted, malformed or not there."""

from __future__ import annotations

import pytest

from tests.server.asking import Ask, is_refused
from tests.stores import RunningStore

SMALL = "name: minimal\nchannels:\n  - conda-forge\ndependencies:\n  - python\n"


class TestViewer:
    """A viewer is shown everything and may change nothing."""

    @pytest.fixture
    def token(self, store: RunningStore) -> str:
        return store.viewer_token

    async def test_nothing_is_offered(self, ask: Ask) -> None:
        permissions = (await ask("GET", "permissions")).json
        assert (permissions["authenticated"], permissions["create_namespace"]) == (True, False)
        assert permissions["expires"] is not None
        rows = (await ask("GET", "environments")).json["environments"]
        assert rows
        assert all(row["may"] == [] for row in rows)
        spaces = (await ask("GET", "namespaces")).json["namespaces"]
        assert all(space["may"] == [] for space in spaces)

    async def test_nothing_is_permitted(self, ask: Ask, store: RunningStore) -> None:
        build = str(store.builds["minimal"])
        refused = [
            await ask("POST", "builds", body={"namespace": "default", "specification": SMALL}),
            await ask("POST", "builds", build, "rebuild"),
            await ask("DELETE", "builds", build),
            await ask("PATCH", "environments", "default", "minimal", body={"description": "mine"}),
            await ask("DELETE", "environments", "default", "minimal"),
            await ask("POST", "namespaces", body={"name": "mine"}),
            await ask("DELETE", "namespaces", "default"),
        ]
        for answer in refused:
            assert is_refused(answer, 403, "forbidden"), answer.text
            assert store.viewer_token not in answer.text


PASSWORD = "name: a\nchannels: ['https://me:s3cr3t@host/c']\ndependencies: [python]"
CONDITION = "name: a\ndescription: 'see #4 [beta]'\ndependencies: [python]"
LOCKFILE = "version: 1\nmetadata: {channels: [{url: 'https://host/t/s3cr3t/c'}]}\npackage: []"
BAD: list[tuple[str, str, object]] = [
    ("POST", "builds", {"namespace": "default"}),
    ("POST", "builds", {"namespace": "default", "specification": 3}),
    ("POST", "builds", {"namespace": "default", "specification": "a: [", "extra": 1}),
    ("POST", "builds", {"namespace": "default", "specification": "a: ["}),
    ("POST", "builds", {"namespace": "default", "specification": "- a"}),
    ("POST", "builds", {"namespace": "default", "specification": "channels: []"}),
    ("POST", "builds", {"namespace": "default", "specification": "name: a b\ndependencies: [python]"}),
    ("POST", "builds", {"namespace": "default", "specification": "name: a", "environment": "b"}),
    ("POST", "builds", {"namespace": "default", "specification": "{}", "is_lockfile": True}),
    ("POST", "builds", {"namespace": "default", "specification": PASSWORD}),
    ("POST", "builds", {"namespace": "default", "specification": CONDITION}),
    (
        "POST",
        "builds",
        {"namespace": "default", "specification": LOCKFILE, "is_lockfile": True, "environment": "a"},
    ),
    ("POST", "preview", {"namespace": "default", "specification": PASSWORD}),
    ("POST", "preview", {"namespace": "default", "specification": "name: a"}),
    ("POST", "preview", {"namespace": "default", "specification": "name: a\ndependencies: [{x: y}]"}),
    ("POST", "preview", {"namespace": "default", "specification": "name: a\ndependencies: 3"}),
    ("POST", "preview", {"namespace": "default", "specification": "x", "since": 0}),
    ("POST", "specifications/convert", {"filename": "a.txt", "text": ""}),
    ("POST", "specifications/convert", {"filename": "a.yml", "text": "x: 1"}),
    ("POST", "specifications/convert", {"filename": "a.yml", "text": "[" * 5000}),
    ("POST", "specifications/convert", [1]),
    ("POST", "namespaces", {"name": "a b"}),
    ("POST", "namespaces", {"name": ""}),
    ("PATCH", "environments/default/minimal", {"current_build_id": -1}),
    ("PATCH", "environments/default/minimal", {"current_build_id": True}),
    ("PATCH", "environments/default/minimal", {"description": 3}),
    ("GET", "builds/0", None),
    ("GET", "packages?size=0", None),
    ("GET", "builds/1/changes?since=x", None),
]


async def test_what_is_malformed_is_refused_with_a_sentence(ask: Ask) -> None:
    for method, path, body in BAD:
        bare, _, query = path.partition("?")
        params = dict([query.split("=")]) if query else {}
        answer = await ask(method, *bare.split("/"), body=body, **params)
        assert is_refused(answer, 400, "invalid_request"), (method, path, body, answer.text)
        assert "s3cr3t" not in answer.text


async def test_the_routes_of_a_build_that_is_not_there(ask: Ask) -> None:
    for path in ("log", "packages", "specification", "artifacts/log", "artifacts/archive", "artifacts/yaml"):
        answer = await ask("GET", "builds", "99999999", *path.split("/"))
        assert is_refused(answer, 404, "not_found"), (path, answer.text)
