"""Copies made of packages equal those unpacked from the archive of the same build, file by file."""

from __future__ import annotations

import contextlib
import json
import marshal
import os
import re
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies.verify import verify
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.checksums import read_checksums
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.packages.install import Installer
from conda_store_labext.pipeline.packages.lockfiles import read_lockfile
from conda_store_labext.pipeline.packages.upkeep import tend
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.layout import checksums_of
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import snapshot
from tests.pipeline.packages.noarch import NOARCH, noarch_channel
from tests.stores import RunningStore, ended, start_build

pytestmark = pytest.mark.slow
# of a noarch package's command, whose text is the installer's own
COMMAND = re.compile(
    rb"\nfrom (\S+) import (\S+)\n\s*if __name__ == .*\n.*sys\.argv.*\n\s+sys\.exit\((\S+)\(\)\)"
)
HEADER = 16  # bytes of a .pyc before its code
# conda-pack's own
OF_THE_ARCHIVE = {
    "CACHEDIR.TAG",
    "bin/activate",
    "bin/activate.fish",
    "bin/conda-unpack",
    "bin/conda_unpack_progress.py",
    "bin/deactivate",
}
COMPARED = ("name", "version", "build", "build_number", "subdir", "depends", "license", "url", "fn", "sha256")


@pytest.fixture(scope="module", params=["minimal", "data", "noarch"])
def copies(
    request: pytest.FixtureRequest, store: RunningStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[StoredCopy, StoredCopy]]:
    """An environment by its archive and by its packages, at short paths of the same length."""
    with contextlib.ExitStack() as stack:
        if request.param == "minimal":
            number = store.builds["minimal"]
        elif request.param == "data":
            number = request.getfixturevalue("data_environment")
        else:
            url = stack.enter_context(noarch_channel(tmp_path_factory.mktemp("noarch")))
            number = ended(store, start_build(store, "noarch", [*NOARCH, "ipykernel"], channel=url)).id
        build = BuildRef(store.url, "default", request.param, number)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield by_archive_and_packages(store, build, Path(folder))


def by_archive_and_packages(
    store: RunningStore, build: BuildRef, folder: Path
) -> tuple[StoredCopy, StoredCopy]:
    """Bring a build here both ways."""
    connection = Connection(store.url, "token", token=store.admin_token)
    by_archive = Worker().run(Job(connection, build, folder / "a"))
    lockfile = json.dumps(store.client().lockfile(build.build_id))
    packages = read_lockfile(lockfile).packages
    disk = EnvironmentStore(folder / "p")
    by_packages = Installer(disk, packages, strict=True).run(build)
    tend(disk, by_packages.key)  # the byte code that its kernels do not wait for
    return by_archive, by_packages


def normal(path: str, data: object, copy: StoredCopy) -> object:
    """Return contents without the prefix, conda-pack's first lines of scripts, and times of compiling."""
    prefix = copy.prefix
    if not isinstance(data, bytes):
        return data
    if path.endswith(".pyc"):
        source = prefix / source_of(path)
        rewritten = source.exists() and os.fsencode(prefix) in source.read_bytes()
        return None if rewritten else marshal.loads(data[HEADER:])
    command = COMMAND.search(data) if path.startswith("bin/") else None
    if command:
        return command.groups()
    data = data.replace(os.fsencode(prefix), b"<prefix>")
    return re.sub(rb"\A#!(?:/usr/bin/env |<prefix>/bin/)([^\s/]+)", rb"#!\1", data)


def differences(by_archive: StoredCopy, by_packages: StoredCopy) -> set[str]:
    """Return the paths whose kind, mode or contents differ, beyond what the documentation lists."""
    ours, theirs = snapshot(by_packages.prefix), snapshot(by_archive.prefix)
    paths = (set(ours) ^ set(theirs)) - OF_THE_ARCHIVE
    for path in set(ours) & set(theirs):
        if path.startswith("conda-meta/"):
            continue
        same = normal(path, ours[path][1], by_packages) == normal(path, theirs[path][1], by_archive)
        if ours[path][0] != theirs[path][0] or not same:
            paths.add(path)
    return paths


def test_the_tree_is_the_archives(copies: tuple[StoredCopy, StoredCopy]) -> None:
    assert differences(*copies) == set()


def test_conda_knows_the_same_packages(copies: tuple[StoredCopy, StoredCopy]) -> None:
    by_archive, by_packages = [_records(copy.prefix) for copy in copies]
    assert by_packages == by_archive


def test_verify_finds_nothing_and_finds_what_was_edited(copies: tuple[StoredCopy, StoredCopy]) -> None:
    prefix = copies[1].prefix
    verdict = verify(prefix)
    assert (verdict.changed, verdict.missing, verdict.unchecked) == ((), (), ())
    assert verdict.verified == len(read_checksums(checksums_of(prefix))) >= copies[1].files


def test_no_byte_code_is_stale(copies: tuple[StoredCopy, StoredCopy]) -> None:
    """Python would compile it anew at every start, for a user who cannot write there."""
    prefix = copies[1].prefix
    compiled = list(prefix.rglob("*.pyc"))
    assert compiled
    for file in compiled:
        source = prefix / source_of(str(file.relative_to(prefix)))
        flags, mtime, size = struct.unpack("<4xIII", file.read_bytes()[:HEADER])
        if source.exists() and not flags:
            status = source.stat()
            assert (mtime, size) == (int(status.st_mtime), status.st_size), file


def test_every_source_of_a_noarch_package_has_its_byte_code(copies: tuple[StoredCopy, StoredCopy]) -> None:
    by_archive, by_packages = copies
    listed = {
        path
        for file in by_archive.prefix.glob("conda-meta/*.json")
        if (record := json.loads(file.read_bytes())).get("noarch") == "python"
        for path in record["files"]
        if path.endswith(".pyc")
    }
    assert {path for path in listed if not (by_packages.prefix / path).is_file()} == set()


def source_of(path: str) -> str:
    """Return the source of byte code."""
    above, _, name = path.rpartition("/__pycache__/")
    return f"{above}/{name.partition('.')[0]}.py"


def _records(prefix: Path) -> dict[str, dict[str, object]]:
    records = {file.name: json.loads(file.read_bytes()) for file in prefix.glob("conda-meta/*.json")}
    return {name: {key: record.get(key) for key in COMPARED} for name, record in records.items()}
