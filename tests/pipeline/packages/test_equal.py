"""Copies made of packages equal those unpacked from the archive of the same build, file by file."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies.verify import verify
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.packages.install import Installer
from conda_store_labext.pipeline.packages.lockfiles import read_lockfile
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import snapshot
from tests.stores import RunningStore

pytestmark = pytest.mark.slow
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


@pytest.fixture(scope="module")
def copies(store: RunningStore) -> Iterator[tuple[StoredCopy, StoredCopy]]:
    """The minimal environment by its archive and by its packages, at short paths of the same length."""
    build = BuildRef(store.url, "default", "minimal", store.builds["minimal"])
    with tempfile.TemporaryDirectory() as folder:
        yield by_archive_and_packages(store, build, Path(folder))


def by_archive_and_packages(
    store: RunningStore, build: BuildRef, folder: Path
) -> tuple[StoredCopy, StoredCopy]:
    """Bring a build here both ways."""
    connection = Connection(store.url, "token", token=store.admin_token)
    by_archive = Worker().run(Job(connection, build, folder / "a"))
    lockfile = json.dumps(store.client().lockfile(build.build_id))
    packages = read_lockfile(lockfile).packages
    return by_archive, Installer(EnvironmentStore(folder / "p"), packages, strict=True).run(build)


def normal(data: object, prefix: Path) -> object:
    """Return contents with the prefix, and conda-pack's way of starting scripts, taken out."""
    if not isinstance(data, bytes):
        return data
    data = data.replace(os.fsencode(prefix), b"<prefix>")
    return re.sub(rb"\A#!(?:/usr/bin/env |<prefix>/bin/)([^\s/]+)", rb"#!\1", data)


def differences(by_archive: StoredCopy, by_packages: StoredCopy) -> set[str]:
    """Return the paths whose kind, mode or contents differ, beyond what the documentation lists."""
    ours, theirs = snapshot(by_packages.prefix), snapshot(by_archive.prefix)
    paths = (set(ours) ^ set(theirs)) - OF_THE_ARCHIVE
    for path in set(ours) & set(theirs):
        if path.startswith("conda-meta/"):
            continue
        same = normal(ours[path][1], by_packages.prefix) == normal(theirs[path][1], by_archive.prefix)
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
    assert verdict.verified == copies[1].files


def _records(prefix: Path) -> dict[str, dict[str, object]]:
    records = {file.name: json.loads(file.read_bytes()) for file in prefix.glob("conda-meta/*.json")}
    return {name: {key: record.get(key) for key in COMPARED} for name, record in records.items()}
