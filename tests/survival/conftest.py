"""Fixtures of survival: an archive with some of everything, its server, a store, a watch."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import conda_pack
import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import make_prefix

from .invariants import MARK, Contents, Watch, contents
from .upstream import Upstream

FILES, FOLDERS = 300, 20
ROOMY = "size=256m,nr_inodes=100000"
Resize = Callable[[str], None]


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A tar.gz by the real conda-pack: hundreds of files, a kernel, prefixes of both kinds."""
    chance = random.Random(0)
    folder = tmp_path_factory.mktemp("survival")
    prefix = make_prefix(folder, filler=200_000)
    for number in range(FILES):
        file = prefix / "lib" / f"folder{number % FOLDERS}" / f"file{number}.txt"
        file.parent.mkdir(exist_ok=True)
        noise, text = chance.randbytes(chance.randrange(6_000)), b"line of text\n" * chance.randrange(1_500)
        file.write_bytes(noise + text)
        if number % 10 == 0:
            file.with_suffix(".cfg").write_text(f"prefix = {prefix}\n" * 20)
    packed = folder / "packed.tar.gz"
    conda_pack.pack(prefix=str(prefix), output=str(packed), ignore_missing_files=True)
    shutil.rmtree(prefix)
    return packed.read_bytes()


@pytest.fixture(scope="session")
def whole(archive: bytes, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """The contents of a copy where nothing happens."""
    root = tmp_path_factory.mktemp("whole")
    with Upstream(archive) as upstream:
        made = Worker().run(Job(Connection(upstream.url), BuildRef(upstream.url, "default", "demo", 1), root))
    entries = contents(made.prefix)
    assert len(entries) > FILES
    assert entries["etc/demo.conf"][1] == b"root = @\nlibs = @/lib:@/lib64\n"
    shutil.rmtree(root)
    return entries


@pytest.fixture
def upstream(archive: bytes) -> Iterator[Upstream]:
    """A server that gives the archive."""
    running = Upstream(archive)
    with running:
        yield running


@pytest.fixture
def disk(tmp_path: Path) -> EnvironmentStore:
    """An empty disk."""
    return EnvironmentStore(tmp_path / "data" / "conda-store")


@pytest.fixture
def job(upstream: Upstream, disk: EnvironmentStore) -> Job:
    """A job for the server's archive."""
    connection = Connection(upstream.url, "token", token="s3cr3t-token", timeout=120)
    job = Job(connection, BuildRef(upstream.url, "default", "demo", 1), disk.root)
    return replace(job, limits=replace(job.limits, spare=0))


@pytest.fixture
def watch(disk: EnvironmentStore, whole: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A look at the disk, at this process, and at every process that is started from here on."""
    mark = f"{tmp_path}"
    monkeypatch.setenv(MARK, mark)
    return Watch(disk, tmp_path / "data", whole, mark)


@pytest.fixture(scope="module")
def resize(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Resize]]:
    """A file system of its own in memory, and a function that changes its options."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o"]
    if os.geteuid() or subprocess.run([*mount, ROOMY, "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("only who may mount a file system can fill one")

    def change(options: str) -> None:
        subprocess.run([*mount, f"remount,{options}", "tmpfs", folder], check=True)

    yield folder, change
    subprocess.run(["umount", "--lazy", folder], check=True)
