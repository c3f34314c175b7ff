"""The worker process: one job from a server to an environment, and nothing left of one that failed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from conda_store_labext.errors import (
    BadArchive,
    CacheNotWritable,
    CondaStoreLabError,
    DiskFull,
    DownloadFailed,
    NotLaunchable,
    PrefixTooLong,
    UnsafeArchive,
    UnusableFolder,
)
from conda_store_labext.models import Step
from conda_store_labext.pipeline.job import Job, Progress
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore

from .archives import gz, member, script, snapshot, tar
from .faulty import FaultyServer, Handler, change, cut, slowly, stall, status, trickle
from .workers import failing, running_workers, working


def test_it_works(job: Job, server: FaultyServer) -> None:
    reports: list[Progress] = []
    made = Worker().run(job, reports.append)
    assert made == working(job)  # which is there already
    assert len(server.downloads) == 1
    assert (made.namespace, made.environment, made.build_id, made.server) == (
        "default",
        "demo",
        7,
        server.url,
    )
    assert made.files == sum(1 for path in made.prefix.rglob("*") if not path.is_dir())
    steps = [progress.step for progress in reports]
    assert list(dict.fromkeys(steps)) == [Step.CONNECT, Step.EXTRACT, Step.PREFIX, Step.PUBLISH]
    assert (reports[-1].bytes_done, reports[-1].bytes_total) == (len(server.body), len(server.body))
    assert reports[-1].files == made.files
    assert all(server.downloads[0].get(name) is None for name in ("Cookie", "Range"))


def test_the_secret_stays_out_of_sight(job: Job, server: FaultyServer) -> None:
    looked = threading.Event()
    server.faults = [trickle(looked)]
    seen: list[str] = []

    def look(progress: Progress) -> None:
        if progress.bytes_done:
            looked.set()
        for child in running_workers():
            with suppress(psutil.Error):
                seen.append(" ".join(child.cmdline()) + repr(child.environ()) + child.cwd())

    Worker().run(job, look)
    assert seen
    assert not any(job.connection.token in text for text in seen)
    assert job.connection.token not in repr(job)
    for path in job.root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert job.connection.token.encode() not in path.read_bytes()


def test_one_download_for_several_processes(job: Job, server: FaultyServer) -> None:
    server.faults = [slowly(3_000_000)]
    made: list[StoredCopy] = []
    threads = [threading.Thread(target=lambda: made.append(Worker().run(job))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert len(made) == 4
    assert len(server.downloads) == 1


@pytest.mark.parametrize(
    "arrange",
    {
        "cut": lambda server: server.faults.extend([cut(900_000), cut(1_900_000)]),
        "cut without ranges": lambda server: server.faults.extend([without_ranges, cut(900_000)]),
        "replaced": lambda server: server.faults.extend([cut(900_000), change(server.body, '"two"')]),
        "500": lambda server: server.faults.append(status(500)),
    }.items(),
    ids=lambda item: item[0],
)
def test_faults_that_are_overcome(
    job: Job, server: FaultyServer, arrange: tuple[str, Callable[[FaultyServer], None]]
) -> None:
    arrange[1](server)
    working(job)


def test_stalled(job: Job, server: FaultyServer) -> None:
    server.faults = [stall(1_000_000)]
    working(replace(job, connection=replace(job.connection, timeout=2)))


def without_ranges(handler: Handler, body: bytes) -> bool:
    """Be a server that knows no ranges from now on, and cut the first answer."""
    handler.faulty.ranges = False
    handler.give(body, 500_000)
    return True


def flipped(body: bytes) -> bytes:
    """Return the body with one bit flipped somewhere in its middle."""
    at = len(body) // 2
    return body[:at] + bytes([body[at] ^ 4]) + body[at + 1 :]


FAULTS: dict[str, tuple[Callable[[bytes], bytes], type[CondaStoreLabError], str]] = {
    "flipped bit": (flipped, BadArchive, "corrupt|damaged"),
    "cut short": (lambda body: body[:-100], BadArchive, "cut short"),
    "trailing garbage": (lambda body: body + b"x", BadArchive, "goes on after its end"),
    "nothing": (lambda body: b"", BadArchive, "is empty"),
    "no members": (lambda body: gz(tar()), BadArchive, "holds no files"),
    "web page": (lambda body: b"<html>Sign in</html>", BadArchive, "web page"),
    "hostile": (lambda body: gz(tar(member("../evil"))), UnsafeArchive, "outside of its folder"),
    "bomb": (lambda body: gz(tar(member("zeros", bytes(200_000_000)))), UnsafeArchive, "100 times"),
    "no records": (lambda body: gz(tar(member("a"))), BadArchive, "no bin/conda-unpack"),
    "hostile records": (
        lambda body: gz(tar(member("a"), script(("../../a", "/x", "text")))),
        UnsafeArchive,
        "outside of its folder",
    ),
    "short placeholder": (
        lambda body: gz(tar(member("a"), script(("a", "/x", "binary")))),
        PrefixTooLong,
        "built for at most 2",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_archives(job: Job, server: FaultyServer, fault: str) -> None:
    make, error, match = FAULTS[fault]
    good, server.body = server.body, make(server.body)
    failing(job, error, match)
    server.body = good
    working(job)


def test_not_there(job: Job, server: FaultyServer) -> None:
    server.faults = [status(404)]
    failing(job, NotLaunchable)
    working(job)


def test_it_keeps_changing(job: Job, server: FaultyServer) -> None:
    server.etag, server.ranges = None, False
    server.faults = [cut(900_000)] * 6
    failing(job, DownloadFailed, "kept changing")


def test_too_big_for_the_disk(job: Job, server: FaultyServer) -> None:
    server.faults = [stall(1_000_000, length=2**60)]
    failing(job, DiskFull, "is full; free some space")
    working(job)


def test_no_room(job: Job) -> None:
    failing(replace(job, limits=Limits(spare=2**60)), DiskFull)


def test_a_folder_that_cannot_be_written_to(job: Job, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheNotWritable):
        Worker().run(replace(job, root=tmp_path / "file" / "store"))


@pytest.mark.parametrize("name", ["my copies", "a:b", "it's", "a\nb", "$HOME"])
def test_a_folder_in_which_programs_break_is_refused_before_anything_is_fetched(
    job: Job, server: FaultyServer, tmp_path: Path, name: str
) -> None:
    elsewhere = replace(job, root=tmp_path / name)
    failing(elsewhere, UnusableFolder, "choose another folder with CONDA_STORE_LABEXT_FOLDER, then try again")
    assert not server.downloads
    assert not (tmp_path / name).exists()


def test_letters_of_any_language_in_the_folders_name_do_no_harm(job: Job, tmp_path: Path) -> None:
    made = Worker().run(replace(job, root=tmp_path / "dönnées-数据"))
    script = made.prefix / "bin/twice"
    (made.prefix / "bin/sh").symlink_to("/bin/sh")
    (made.prefix / "bin/demo").write_text(f"#!{made.prefix}/bin/sh\necho ran\n")
    assert subprocess.run([script], capture_output=True, text=True, check=True).stdout == "ran\n"


def test_variables_of_the_specification_are_remembered(job: Job, disk: EnvironmentStore) -> None:
    made = Worker().run(replace(job, variables={"MODE": "fast"}))
    assert made.variables == {"MODE": "fast"}
    assert disk.get(made.key) == made
    in_front = EnvironmentStore(disk.root.with_name("mine"), [disk.root]).get(made.key)
    assert in_front is not None
    assert (in_front.origin, in_front.variables) == ("shared", {"MODE": "fast"})


def test_memory_does_not_grow_with_the_archive(job: Job, server: FaultyServer) -> None:
    noise = random.Random(5).randbytes(4_000_000)
    members = [member(f"big{number}", noise) for number in range(40)]
    server.body = tar(*members, script())
    most = 0

    def look(progress: Progress) -> None:
        nonlocal most
        for child in running_workers():
            with suppress(psutil.Error):
                most = max(most, child.memory_info().rss)

    Worker().run(job, look)
    bare = subprocess.run(
        [sys.executable, "-c", "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert 0 < most < int(bare.stdout) * 1024 + 64 * 1024 * 1024


def test_the_same_every_time(job: Job) -> None:
    first = snapshot(working(job).prefix)
    EnvironmentStore(job.root).remove(job.build.copy_key)
    assert snapshot(working(job).prefix) == first
