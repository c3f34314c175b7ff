"""An environment's life over HTTP on the real conda-store: made, looked at, changed and deleted."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import yaml

from conda_store_labext.client.transport import Transport
from tests.seeding import PREFIX, seeded
from tests.server.asking import Ask, is_refused
from tests.stores import RunningStore, wait_until

SMALL = "name: {name}\nchannels:\n  - conda-forge\ndependencies:\n  - {packages}\n"
BUILD_SECONDS = 1200.0


@pytest.fixture(scope="module")
def few(store: RunningStore) -> Iterator[Callable[..., list[int]]]:
    """Sixty environments in three namespaces without files; gives ids of builds by SQL conditions.

    They stay for all of this module, since the server's worker may come late with what it is asked here.
    """
    path = store.local.paths.database

    def builds(condition: str) -> list[int]:
        with closing(sqlite3.connect(path)) as database:
            names = "JOIN environment e ON e.id = b.environment_id JOIN namespace n ON n.id = e.namespace_id"
            order = f"{condition} AND n.name LIKE '{PREFIX}%' ORDER BY b.id"
            return [row for (row,) in database.execute(f"SELECT b.id FROM build b {names} WHERE {order}")]

    def idle() -> bool:
        with closing(sqlite3.connect(path)) as database:
            (left,) = database.execute("SELECT COUNT(*) FROM kombu_message WHERE visible").fetchone()
        return bool(left == 0)

    with seeded(path, count=60, namespaces=3):
        yield builds
        wait_until(idle)


async def until(ask: Ask, build: int, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask for a build until something is true of it."""
    deadline = time.monotonic() + BUILD_SECONDS
    while time.monotonic() < deadline:
        row: dict[str, Any] = (await ask("GET", "builds", str(build))).json
        if true(row):
            return row
        await asyncio.sleep(0.1)
    raise AssertionError(row)


def is_gone(store: RunningStore, build: int) -> bool:
    """Tell whether the server has removed a build from its database."""
    with closing(sqlite3.connect(store.local.paths.database)) as database:
        return database.execute("SELECT 1 FROM build WHERE id = ?", (build,)).fetchone() is None


def waiting(store: RunningStore) -> bool:
    """Tell whether builds are queued, which is a reason to refuse a preview."""
    with closing(sqlite3.connect(store.local.paths.database)) as database:
        return database.execute("SELECT 1 FROM build WHERE status = 'QUEUED'").fetchone() is not None


async def test_a_life(ask: Ask, store: RunningStore) -> None:
    space, name = f"life-{time.time_ns()}", "small"
    made = await ask("POST", "namespaces", body={"name": space})
    assert (made.status, made.json["name"], made.json["environments"]) == (201, space, 0)
    assert set(made.json["may"]) == {"create_environment", "delete"}
    assert is_refused(await ask("POST", "namespaces", body={"name": space}), 409, "conflict")

    text = SMALL.format(name=name, packages="traitlets")
    body = {"namespace": space, "specification": text, "description": "as small as can be"}
    asked = await ask("POST", "builds", body=body)
    assert (asked.status, asked.json["namespace"], asked.json["environment"]) == (202, space, name), (
        asked.text
    )
    first = asked.json["id"]
    row = (await ask("GET", "environments", space, name)).json
    assert row["running_build_id"] == first
    assert row["description"] == "as small as can be"
    assert is_refused(await ask("DELETE", "builds", str(first)), 409, "conflict")
    assert is_refused(await ask("POST", "builds", str(first), "cancel"), 409, "conflict")

    running = await until(ask, first, lambda build: build["status"] != "QUEUED")
    early_log = await ask("GET", "builds", str(first), "log")
    assert (early_log.status, early_log.json["first_error"]) == (200, None), early_log.text
    done = await until(ask, first, lambda build: build["launchable"] or build["status"] == "FAILED")
    assert (running["id"], done["status"]) == (first, "COMPLETED"), done
    log = (await ask("GET", "builds", str(first), "log")).json
    assert (log["complete"], log["truncated"], log["stage"]) == (True, False, None)
    assert "starting build" in log["text"]

    row = (await ask("GET", "environments", space, name)).json
    assert (row["current_build_id"], row["running_build_id"], row["status"]) == (first, None, "COMPLETED")

    assert (await ask("DELETE", "environments", space, name)).status == 204
    assert is_refused(await ask("GET", "environments", space, name), 404, "not_found")
    await asyncio.to_thread(wait_until, lambda: is_gone(store, first))

    unsolvable = SMALL.format(name=name, packages="no-such-package-at-all")  # ended in a moment
    second = await ask("POST", "builds", body={"namespace": space, "specification": unsolvable})
    assert (second.status, second.json["id"] > first) == (202, True), "no id is used again"
    again = await ask("POST", "builds", str(second.json["id"]), "rebuild")
    assert (again.status, again.json["status"] in ("QUEUED", "BUILDING")) == (202, True)
    assert again.json["id"] > second.json["id"]
    assert (await ask("DELETE", "namespaces", space)).status == 204
    listed = (await ask("GET", "namespaces")).json["namespaces"]
    assert space not in [namespace["name"] for namespace in listed]


async def test_packages_of_a_build(ask: Ask, store: RunningStore) -> None:
    build = str(store.builds["minimal"])
    everything = (await ask("GET", "builds", build, "packages")).json
    names = [package["name"] for package in everything["packages"]]
    assert everything["count"] == len(names) == len(set(names)) > 20
    python = next(package for package in everything["packages"] if package["name"] == "python")
    assert python["channel"] == "conda-forge"
    assert python["build"].endswith("_cpython")
    assert python["manager"] == "conda"
    page = (await ask("GET", "builds", build, "packages", search="jupyter", size=1, page=2)).json
    assert (page["count"], page["packages"][0]["name"]) == (2, "jupyter_core")
    past = (await ask("GET", "builds", build, "packages", page=99)).json
    assert past["packages"] == []


async def test_specification_and_changes(ask: Ask, store: RunningStore, data_environment: int) -> None:
    minimal = str(store.builds["minimal"])
    answer = (await ask("GET", "builds", minimal, "specification")).json
    assert answer["is_lockfile"] is False
    assert yaml.safe_load(answer["text"]) == {
        "name": "minimal",
        "channels": ["conda-forge"],
        "dependencies": ["python", "ipykernel"],
    }
    changes = (await ask("GET", "builds", str(data_environment), "changes", since=minimal)).json
    assert {"numpy", "pandas"} <= {package["name"] for package in changes["added"]}
    assert changes["removed"] == []
    assert "+- pandas" in changes["specification"].splitlines()
    assert "---" not in changes["specification"]
    assert is_refused(await ask("GET", "builds", minimal, "changes"), 400, "invalid_request")
    assert is_refused(await ask("GET", "builds", minimal, "changes", since=10**9), 404, "not_found")


async def test_the_log_says_where_it_went_wrong(ask: Ask, store: RunningStore) -> None:
    log = (await ask("GET", "builds", str(store.builds["unsolvable"]), "log")).json
    assert log["complete"] is True
    assert "no-such-package-anywhere" in log["first_error"]["text"]
    assert "no-such-package-anywhere" in log["text"].split("\n")[log["first_error"]["line"]]


async def test_artifacts_are_files_to_save(ask: Ask, store: RunningStore) -> None:
    build = store.builds["minimal"]
    with store.client().open_artifact(build, "archive") as source:
        expected = hashlib.sha256()
        while chunk := source.read(1 << 20):
            expected.update(chunk)
    archive = await ask("GET", "builds", str(build), "artifacts", "archive")
    assert archive.status == 200
    assert hashlib.sha256(archive.body).hexdigest() == expected.hexdigest()
    assert archive.headers["Content-Disposition"].startswith(f'attachment; filename="minimal-{build}.tar.gz"')
    exported = yaml.safe_load((await ask("GET", "builds", str(build), "artifacts", "yaml")).text)
    assert (exported["name"], "prefix" in exported) == ("minimal", False)
    assert any(line.startswith("ipykernel=") for line in exported["dependencies"])
    lockfile = yaml.safe_load((await ask("GET", "builds", str(build), "artifacts", "lockfile")).text)
    assert {"ipykernel"} <= {package["name"] for package in lockfile["package"]}
    assert "starting build" in (await ask("GET", "builds", str(build), "artifacts", "log")).text
    failed = str(store.builds["unsolvable"])
    assert is_refused(await ask("GET", "builds", failed, "artifacts", "archive"), 409, "not_launchable")
    assert is_refused(await ask("GET", "builds", failed, "artifacts", "lockfile"), 404, "not_found")


async def test_a_preview_builds_nothing(ask: Ask, store: RunningStore) -> None:
    await asyncio.to_thread(wait_until, lambda: not waiting(store))
    text = SMALL.format(name="preview", packages="traitlets")
    since = store.builds["minimal"]
    preview = await ask(
        "POST", "preview", body={"namespace": "default", "specification": text, "since": since}
    )
    assert preview.status == 200, preview.text
    assert "traitlets" in {package["name"] for package in preview.json["packages"]}
    assert all(package["version"] and package["build"] for package in preview.json["packages"])
    assert preview.json["size"] > 0
    assert "ipykernel" in {package["name"] for package in preview.json["changes"]["removed"]}
    assert preview.json["changes"]["added"] == []
    assert "-- ipykernel" in preview.json["changes"]["specification"]
    missing = SMALL.format(name="preview", packages="no-such-package-at-all")
    refused = await ask("POST", "preview", body={"namespace": "default", "specification": missing})
    assert is_refused(refused, 400, "invalid_request")
    assert "no-such-package-at-all" in refused.json["message"]
    assert (await ask("GET", "environments", search="preview")).json["count"] == 0


async def test_packages_for_completion(ask: Ask) -> None:
    names = (await ask("GET", "packages", search="python")).json["packages"]
    assert names[0] == "python"
    assert "ipykernel" not in names
    assert (await ask("GET", "packages", "python", "versions")).json["versions"]
    assert is_refused(await ask("GET", "packages", "no-such", "versions"), 404, "not_found")


class TestMany:
    """Lists and changes on environments whose builds have no files."""

    async def test_namespaces_are_counted(self, ask: Ask, few: Callable[..., list[int]]) -> None:
        listed = {row["name"]: row for row in (await ask("GET", "namespaces")).json["namespaces"]}
        assert [listed[f"{PREFIX}{index:02}"]["environments"] for index in range(3)] == [20, 20, 20]
        rows = (await ask("GET", "namespaces", search="-0001")).json["namespaces"]
        assert sum(row["environments"] for row in rows if row["name"].startswith(PREFIX)) == 10
        rows = (await ask("GET", "namespaces", search="00017")).json["namespaces"]
        assert [row["name"] for row in rows if row["environments"]] == [f"{PREFIX}02"]

    async def test_a_page_of_one_namespace(self, ask: Ask, few: Callable[..., list[int]]) -> None:
        page = (await ask("GET", "environments", namespace=f"{PREFIX}01", size=15, page=2)).json
        assert (page["count"], len(page["environments"])) == (20, 5)
        assert {row["namespace"] for row in page["environments"]} == {f"{PREFIX}01"}
        whole = (await ask("GET", "environments", namespace=f"{PREFIX}00", size=100)).json["environments"]
        assert {row["status"] for row in whole} == {"COMPLETED", "FAILED"}
        assert all(row["launchable"] == (row["status"] == "COMPLETED") for row in whole)

    async def test_launchable_environments_alone(self, ask: Ask, few: Callable[..., list[int]]) -> None:
        where: dict[str, Any] = {"namespace": f"{PREFIX}00", "size": 100}
        whole = (await ask("GET", "environments", **where)).json["environments"]
        page = (await ask("GET", "environments", launchable="true", **where)).json
        assert page["environments"] == [row for row in whole if row["launchable"]]
        assert 0 < page["count"] == len(page["environments"]) < len(whole)
        assert is_refused(await ask("GET", "environments", launchable="maybe"), 400, "invalid_request")

    async def test_a_page_seen_before_takes_few_questions(
        self, ask: Ask, few: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        send = Transport.send

        def counted(self: Transport, method: str, path: str, **rest: Any) -> Any:
            asked.append(path)
            return send(self, method, path, **rest)

        monkeypatch.setattr(Transport, "send", counted)
        first = (await ask("GET", "environments", size=50, search=PREFIX)).json
        assert len(first["environments"]) == 50
        asked.clear()
        assert (await ask("GET", "environments", size=50, search=PREFIX)).json == first
        # the list, queued and running ones: of finished builds nothing is asked again
        assert len(asked) <= 3

    async def test_rolling_back(self, ask: Ask, few: Callable[..., list[int]]) -> None:
        old, new = few("e.name LIKE '%-00003'")
        path = ("environments", f"{PREFIX}00", "analysis-00003")
        assert (await ask("GET", *path)).json["current_build_id"] == new
        assert (await ask("PATCH", *path, body={"current_build_id": old})).json["current_build_id"] == old
        (failed,) = few("b.status = 'FAILED' AND e.name LIKE '%-00020'")
        (other,) = few("e.name LIKE '%-00001'")
        assert is_refused(await ask("PATCH", *path, body={"current_build_id": other}), 404, "not_found")
        assert is_refused(await ask("PATCH", *path, body={"current_build_id": 10**9}), 404, "not_found")
        assert is_refused(await ask("PATCH", *path, body={}), 400, "invalid_request")
        broken = ("environments", f"{PREFIX}02", "forecast-00020")
        assert is_refused(await ask("PATCH", *broken, body={"current_build_id": failed}), 409, "conflict")
        answer = await ask("PATCH", *path, body={"description": "新しい"})
        assert answer.json["description"] == "新しい"

    async def test_cancelled_builds_stay(
        self, ask: Ask, few: Callable[..., list[int]], store: RunningStore
    ) -> None:
        (build,) = few("e.name LIKE '%-00005'")
        with closing(sqlite3.connect(store.local.paths.database)) as database, database:
            database.execute("UPDATE build SET status = 'CANCELED' WHERE id = ?", (build,))
        refused = await ask("DELETE", "builds", str(build))
        assert is_refused(refused, 409, "conflict")
        assert "cancelled" in refused.json["message"]
        ended = await ask("POST", "builds", str(build), "cancel")
        assert is_refused(ended, 409, "conflict")
        assert "ended" in ended.json["message"]
