"""Copies that go when room is wanted, and those that never do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.copies.prune import Policy, Pruner
from conda_store_labext.copies.size_limit import SizeLimit
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.models.build_ref import BuildRef, copy_key
from conda_store_labext.store.store import EnvironmentStore
from conda_store_labext.store.usage import Usage

from .conftest import DAY, Put


@pytest.fixture
def pruner(disk: EnvironmentStore, registry: KernelspecRegistry) -> Pruner:
    return Pruner(disk, registry)


def used_bytes(folder: Path) -> int:
    """Return the size that `du` prints."""
    return int(subprocess.run(["du", "-s", "-B1", folder], capture_output=True, check=True).stdout.split()[0])


def builds(disk: EnvironmentStore) -> list[int]:
    return [copy.build_id for copy in disk.list()]


def test_nothing_goes_without_a_reason(pruner: Pruner, put: Put, disk: EnvironmentStore) -> None:
    put(1, days=1000)
    summary = pruner.prune(Policy())
    assert (summary.removed, summary.kept, summary.kernels, summary.bytes_freed) == ((), (), (), 0)
    assert summary.bytes_before == used_bytes(disk.home / "e" / disk.list()[0].key)
    assert builds(disk) == [1]


def test_long_unused_goes_with_its_kernels(
    pruner: Pruner, put: Put, disk: EnvironmentStore, registry: KernelspecRegistry
) -> None:
    old, new = put(1, days=40), put(2, days=20)
    dry = pruner.prune(Policy(unused_for=30 * DAY), dry_run=True)
    assert builds(disk) == [1, 2]
    assert set(registry.registered()) == {old.key, new.key}
    done = pruner.prune(Policy(unused_for=30 * DAY))
    assert [(row.build_id, row.why) for row in done.removed] == [(1, "unused")]
    assert (done.removed, done.bytes_freed) == (dry.removed, dry.bytes_freed)
    assert builds(disk) == [2]
    assert set(registry.registered()) == {new.key}
    assert not old.prefix.exists()
    assert list((disk.home / "t").iterdir()) == []


def test_the_least_recently_used_make_room(pruner: Pruner, put: Put, disk: EnvironmentStore) -> None:
    for build_id, days in ((1, 5), (2, 50), (3, 10), (4, 1)):
        put(build_id, days=days, size=1_000_000)
    room = used_bytes(disk.home / "e") * 6 // 10
    summary = pruner.prune(Policy(keep_size=room))
    assert [(row.build_id, row.why) for row in summary.removed] == [(2, "size"), (3, "size")]
    assert builds(disk) == [1, 4]
    assert summary.message is None
    assert summary.bytes_before - summary.bytes_freed <= room


def test_a_file_with_two_names_is_counted_once(pruner: Pruner, put: Put, disk: EnvironmentStore) -> None:
    first, second = put(1, days=2, size=5_000_000), put(2, days=1, size=1)
    (second.prefix / "lib/data").unlink()
    os.link(first.prefix / "lib/data", second.prefix / "lib/data")
    summary = pruner.prune(Policy(unused_for=1.5 * DAY))
    assert summary.bytes_before < 7_000_000
    # the bytes live on under the other name
    assert summary.bytes_freed == sum(row.bytes for row in summary.removed) < 1_000_000
    again = pruner.prune(Policy(keep_size=0))
    assert again.bytes_freed == again.bytes_before > 5_000_000


def test_sizes_are_what_du_says(put: Put, disk: EnvironmentStore) -> None:
    copies = [put(number, size=number * 12_345) for number in (1, 2, 3)]
    (copies[0].prefix / "lib/again").hardlink_to(copies[0].prefix / "lib/data")
    (copies[1].prefix / "lib/one").hardlink_to(copies[2].prefix / "lib/data")
    (copies[1].prefix / "lib/link").symlink_to("data")
    usage = Usage({copy.key: copy.prefix for copy in copies})
    together = subprocess.run(
        ["du", "-s", "-c", "-B1", *(copy.prefix for copy in copies)], capture_output=True, check=True
    )
    assert usage.total == int(together.stdout.split()[-2])
    total = usage.total
    assert sum(usage.remove(copy.key) for copy in copies) == total
    assert usage.total == 0


def test_a_dry_run_leaves_the_time_of_what_runs(pruner: Pruner, put: Put, disk: EnvironmentStore) -> None:
    running = put(1, days=100)
    manifest = disk.home / "m" / f"{running.key}.json"
    before = manifest.stat().st_mtime_ns
    with subprocess.Popen([running.prefix / "bin/python", "60"]) as process:
        try:
            summary = pruner.prune(Policy(keep_size=0), dry_run=True)
        finally:
            process.kill()
    assert [(row.build_id, row.why) for row in summary.kept] == [(1, "running")]
    assert manifest.stat().st_mtime_ns == before


def test_what_runs_stays_and_counts_as_used(
    pruner: Pruner, put: Put, disk: EnvironmentStore, registry: KernelspecRegistry
) -> None:
    running, other = put(1, days=100), put(2, days=50)
    with subprocess.Popen([running.prefix / "bin/python", "60"]) as process:
        try:
            summary = pruner.prune(Policy(keep_size=0, unused_for=30 * DAY))
        finally:
            process.kill()
    assert [(row.build_id, row.why) for row in summary.kept] == [(1, "running")]
    assert [row.build_id for row in summary.removed] == [2]
    assert summary.message
    assert "are in use" in summary.message
    assert builds(disk) == [1]
    assert set(registry.registered()) == {running.key}
    assert disk.list()[0].last_used_on > other.last_used_on


def test_what_is_being_made_or_used_stays(pruner: Pruner, put: Put, disk: EnvironmentStore) -> None:
    copy = put(1, days=100)
    with disk.lock(copy.key, shared=True):
        summary = pruner.prune(Policy(keep_size=0))
    assert [(row.build_id, row.why) for row in summary.kept] == [(1, "busy")]
    build = BuildRef("http://server", "default", "demo", 9)
    with disk.lock(build.copy_key), disk.stage(build) as stage:
        (stage.folder / "half").write_text("made")
        pruner.prune(Policy(keep_size=0))
        assert (stage.folder / "half").read_text() == "made"
    assert builds(disk) == []


def test_a_program_that_was_started_counts_as_used(put: Put, disk: EnvironmentStore) -> None:
    copy = put(1, days=100)
    noticed = not os.statvfs(copy.prefix).f_flag & os.ST_NOATIME
    subprocess.run([copy.prefix / "bin/python", "0"], check=True)
    assert (disk.list()[0].last_used_on > copy.last_used_on) == noticed


def test_deleted_builds_go(pruner: Pruner, put: Put, disk: EnvironmentStore) -> None:
    gone, _ = put(1), put(2)
    summary = pruner.prune(Policy(deleted=[gone.key]))
    assert [(row.build_id, row.why) for row in summary.removed] == [(1, "deleted")]
    assert builds(disk) == [2]


def test_kernelspecs_that_lead_nowhere_go(
    pruner: Pruner, put: Put, disk: EnvironmentStore, registry: KernelspecRegistry, tmp_path: Path
) -> None:
    copy, _ = put(1), put(2)
    elsewhere = put(3, into=EnvironmentStore(tmp_path / "elsewhere"))
    disk.remove(copy.key)
    (name,) = (kernel.name for kernel in registry.registered()[copy.key])
    assert pruner.prune(Policy(), dry_run=True).kernels == (name,)
    assert copy.key in registry.registered()
    assert pruner.prune(Policy()).kernels == (name,)
    # a copy in a folder that is not configured just now is there all the same
    assert set(registry.registered()) == {copy_key("http://server/conda-store", 2), elsewhere.key}


def test_the_limit_spares_what_was_just_made(
    pruner: Pruner, put: Put, disk: EnvironmentStore, caplog: pytest.LogCaptureFixture
) -> None:
    put(1, days=3)
    put(2, days=0)
    SizeLimit(pruner, 1000).apply()
    assert builds(disk) == [2]
    assert "Removed default/demo #1" in caplog.text
    assert "more than the limit of 1.0 kB" in caplog.text


def test_the_limit_fails_nothing(
    pruner: Pruner, put: Put, disk: EnvironmentStore, caplog: pytest.LogCaptureFixture
) -> None:
    put(1, days=3)
    (disk.home / "t").rmdir()
    (disk.home / "t").write_text("in the way")
    SizeLimit(pruner, 0).apply()
    assert "could not be kept within their limit" in caplog.text
