"""`copy`, `local export` and `local import` between two conda-stores, each with a database of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import InvalidRequest
from conda_store_labext.local import LocalServer
from conda_store_labext.repositories.apply.moving import Export, Moved, declared, read_export, write_export
from tests.cli.running import CommandLine, variables
from tests.stores import RunningStore, offline_settings

SPECIFICATION = "name: a\nchannels:\n  - conda-forge\ndependencies:\n  - python\n"
NO_BUILD = "has no active build that succeeded"


class Laptop:
    """Somebody's own machine: the program with no server configured, and the local store that it finds."""

    def __init__(self, store: RunningStore, folder: Path, channels: Path) -> None:
        kept = variables(store, folder)
        self.run = CommandLine({name: kept[name] for name in kept if not name.startswith("CONDA_STORE")})
        data = Path(self.run.environ["JUPYTER_DATA_DIR"])
        self.server = LocalServer(data / "conda-store" / "local", offline_settings(channels))

    def client(self) -> CondaStoreClient:
        """Return a client that may do everything there."""
        credentials = self.server.credentials()
        assert credentials
        return CondaStoreClient(Connection(credentials.url, auth="token", token=credentials.token))


@pytest.fixture(scope="module")
def laptop(store: RunningStore, channels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    """The laptop, its store running."""
    made = Laptop(store, tmp_path_factory.mktemp("laptop"), channels)
    made.server.start(detach=False)
    yield made
    made.server.stop()


def steps(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {f"{row['namespace']}/{row['name']}": row["step"] for row in answer["plan"]}


def test_there_and_back_with_the_same_packages_and_again_is_harmless(
    store: RunningStore, laptop: Laptop, tmp_path: Path
) -> None:
    server, here = CommandLine(variables(store, tmp_path)), laptop.client()
    token = {"CONDA_STORE_DESTINATION_TOKEN": here.connection.token}
    to = ("copy", "default/minimal", "--to", here.connection.url)
    assert steps(server.json(*to, **token)) == {"default/minimal": "create"}
    assert steps(server.json(*to, **token)) == {"default/minimal": "keep"}
    copied = here.environment("default", "minimal").current_build_id
    assert copied
    original = store.client().packages(store.builds["minimal"]).result()
    assert here.packages(copied).result() == original

    file = tmp_path / "all.json"
    here.create_build("default", SPECIFICATION.replace("name: a", "name: fails").replace("python", "no-such"))
    exported = laptop.run("local", "export", str(file), "--json")
    assert exported.returncode == 1, "one has no build"
    assert json.loads(exported.stdout)["environments"] == ["default/minimal"]
    assert NO_BUILD in json.loads(exported.stdout)["left_out"]["default/fails"]
    assert here.connection.token not in file.read_text()

    back = {"CONDA_STORE_DESTINATION_TOKEN": store.admin_token}
    into = ("local", "import", str(file), "--to", store.url, "--into", "from-laptop")
    assert f"default/fails: It {NO_BUILD}" in laptop.run(*into, "--dry-run", **back).stderr
    for step in ("create", "keep"):
        done = laptop.run(*into, "--json", **back)
        assert done.returncode == 1, "what was left out is not there"
        assert steps(json.loads(done.stdout)) == {"from-laptop/minimal": step}
        assert [row["file"] for row in json.loads(done.stdout)["unusable"]] == ["default/fails"]
    imported = store.client().environment("from-laptop", "minimal").current_build_id
    assert imported
    assert store.client().packages(imported).result() == original

    own = laptop.run("local", "import", str(file), "--into", "again", "--dry-run", "--json")
    assert steps(json.loads(own.stdout)) == {"again/minimal": "create"}


def test_a_local_store_that_does_not_run_is_named(
    store: RunningStore, tmp_path: Path, channels: Path
) -> None:
    laptop = Laptop(store, tmp_path, channels)
    refused = laptop.run("local", "export", str(tmp_path / "all.json"))
    assert (refused.returncode, "`jupyter conda-store local start`" in refused.stderr) == (3, True)
    assert not (tmp_path / "all.json").exists()


def moved(url: str) -> Moved:
    return Moved(
        "default", "a", 1, {"version": 1, "package": [{"name": "python", "url": url}]}, SPECIFICATION
    )


def test_packages_of_this_machine_are_not_promised_to_another() -> None:
    exported = Export(
        "local", (moved("http://127.0.0.1:1/x.conda"), replace(moved("file:///x"), name="b")), {}
    )
    far = declared(exported, "https://far.example/conda-store")
    assert [each.file for each in far.unusable] == ["default/a", "default/b"]
    assert all("--by-specification" in each.reason for each in far.unusable)
    solved = declared(exported, "https://far.example/conda-store", by_specification=True)
    assert [(str(each), each.is_lockfile) for each in solved.environments] == [
        ("default/a", False),
        ("default/b", False),
    ]
    assert not declared(exported, "http://127.0.0.1:2/conda-store").unusable
    assert not declared(Export("x", (moved("https://conda.example/x"),), {}), "https://far.example").unusable


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    exported = Export("local", (moved("https://conda.example/x.conda"),), {"default/b": "It has none."})
    write_export(exported, file)
    assert read_export(file) == exported
    whole = file.read_text()
    for text in (
        whole[:-30],
        "{}",
        "",
        '"',
        "[]",
        whole.replace('"version": 1,\n "server"', '"version": 9,\n "server"'),
    ):
        file.write_text(text)
        with pytest.raises(InvalidRequest):
            read_export(file)
    file.write_text(whole.replace('"build_id"', '"builds"'))
    with pytest.raises(InvalidRequest, match="was changed"):
        read_export(file)
    with pytest.raises(InvalidRequest, match="cannot be read"):
        read_export(tmp_path / "none.json")
