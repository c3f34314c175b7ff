"""The store: an environment is there whole or not at all, for every process."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import stat
import threading
import time
from contextlib import suppress
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from conda_store_labext.errors import CacheNotWritable, Conflict, NotFound
from conda_store_labext.models.build_ref import BuildRef, copy_key
from conda_store_labext.store.lock import FileLock
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.stores import PATIENCE

BUILD = BuildRef("http://server/conda-store/", "default", "demo", 7)
KEY = BUILD.copy_key


def put(disk: EnvironmentStore, build: BuildRef = BUILD, text: str = "x") -> StoredCopy:
    with disk.lock(build.copy_key), disk.stage(build) as stage:
        (stage.folder / "file").write_text(text)
        assert disk.get(build.copy_key) is None
        return stage.publish(1, 1)


def test_key() -> None:
    assert copy_key("http://server/conda-store", 7) == KEY
    assert KEY.endswith("-7")
    assert copy_key("http://other/conda-store", 7) != KEY
    assert len(KEY) == 10


def test_publish_get_list_remove(disk: EnvironmentStore) -> None:
    assert (disk.list(), disk.get(KEY)) == ((), None)
    made = put(disk)
    assert made == disk.get(KEY)
    assert disk.list() == (made,)
    assert made.prefix == disk.root / "v1" / "e" / KEY
    assert (made.prefix / "file").read_text() == "x"
    assert made.ref == BUILD
    disk.remove(KEY)
    assert (disk.list(), disk.get(KEY)) == ((), None)
    assert not made.prefix.exists()
    assert [path for name in "emst" for path in (disk.home / name).iterdir()] == []
    with pytest.raises(NotFound):
        disk.remove(KEY)


def test_folders_are_private_and_kept_out_of_backups(disk: EnvironmentStore) -> None:
    put(disk)
    for folder in (disk.root, disk.home, *(disk.home / name for name in "emlst")):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (
        (disk.home / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    )


def test_a_shared_root_keeps_its_mode(disk: EnvironmentStore) -> None:
    disk.root.mkdir()
    disk.root.chmod(0o755)
    put(disk)
    assert stat.S_IMODE((disk.home / "e").stat().st_mode) == 0o755


def test_a_failed_stage_leaves_nothing(disk: EnvironmentStore) -> None:
    with suppress(ZeroDivisionError), disk.lock(KEY), disk.stage(BUILD) as stage:
        (stage.folder / "deep" / "er").mkdir(parents=True)
        _ = 1 / 0
    assert disk.list() == ()
    assert [path for name in "emst" for path in (disk.home / name).iterdir()] == []


@pytest.mark.parametrize("manifest", ["", "{", "[]", '{"server": "x"}', '{"unknown": 1}'])
def test_a_broken_manifest_counts_for_nothing(disk: EnvironmentStore, manifest: str) -> None:
    made = put(disk)
    (disk.home / "m" / f"{KEY}.json").write_text(manifest)
    assert (disk.list(), disk.get(KEY)) == ((), None)
    assert put(disk, text="new").prefix == made.prefix
    assert (made.prefix / "file").read_text() == "new"


def test_an_environment_without_manifest_is_replaced(disk: EnvironmentStore) -> None:
    made = put(disk)
    (disk.home / "m" / f"{KEY}.json").unlink()
    assert disk.list() == ()
    put(disk, text="new")
    assert (made.prefix / "file").read_text() == "new"
    assert list((disk.home / "t").iterdir()) == []


def test_a_manifest_whose_writer_was_killed_is_swept_and_one_being_written_stays(
    disk: EnvironmentStore,
) -> None:
    made = put(disk)
    half, other = (disk.home / "m" / f".{key}.json.0a1b2c3d" for key in (KEY, "00000000-1"))
    half.write_text("{")
    other.write_text("{")
    with disk.lock(KEY):
        disk.sweep()
    assert (half.exists(), other.exists()) == (True, False)
    disk.sweep()
    assert not half.exists()
    assert disk.list() == (made,)


def test_remove_while_locked(disk: EnvironmentStore) -> None:
    put(disk)
    for shared in (False, True):
        with disk.lock(KEY, shared=shared), pytest.raises(Conflict, match="try again later"):
            disk.remove(KEY)
    assert disk.get(KEY)


def test_what_is_held_is_not_removed_and_what_is_removed_is_not_held(disk: EnvironmentStore) -> None:
    made = put(disk)
    held = disk.hold(made)
    assert held
    with pytest.raises(Conflict):
        disk.remove(KEY)
    held.release()
    with disk.lock(KEY):
        assert disk.hold(made) is None, "it is being removed"
    disk.remove(KEY)
    assert disk.hold(made) is None, "it is gone"


def test_a_copy_that_no_lock_can_be_had_of_starts_all_the_same(disk: EnvironmentStore) -> None:
    made = put(disk)
    shutil.rmtree(disk.home / "l")
    held = disk.hold(made)
    assert held
    assert not held.held


def test_sweep_takes_only_what_is_stale(disk: EnvironmentStore) -> None:
    made = put(disk)
    (disk.home / "s" / "stale-1").mkdir()
    (disk.home / "s" / "alive-1").mkdir()
    (disk.home / "t" / "rest.1").mkdir()
    with disk.lock("alive-1"):
        disk.sweep()
    assert [path.name for path in (disk.home / "s").iterdir()] == ["alive-1"]
    assert list((disk.home / "t").iterdir()) == []
    assert disk.list() == (made,)


def test_touch(disk: EnvironmentStore) -> None:
    put(disk)
    manifest = disk.home / "m" / f"{KEY}.json"
    os.utime(manifest, (0, 0))
    old = disk.get(KEY)
    assert old
    assert old.last_used_on == "1970-01-01T00:00:00"
    disk.touch(KEY)
    new = disk.get(KEY)
    assert new
    assert new.last_used_on >= new.created_on
    disk.touch("nothing-1")


def test_manifest_names_no_secret(disk: EnvironmentStore) -> None:
    put(disk)
    fields = json.loads((disk.home / "m" / f"{KEY}.json").read_text())
    assert set(fields) == {"server", "namespace", "environment", "build_id", "bytes", "files", "created_on"}


def test_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheNotWritable, match="choose another folder by CONDA_STORE_LABEXT_FOLDER"):
        EnvironmentStore(tmp_path / "file" / "store").lock(KEY)


def _hold(path: Path, ready: Event) -> None:
    with FileLock(path):
        ready.set()
        time.sleep(60)


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(tmp_path / "lock", ready))
    holder.start()
    assert ready.wait(PATIENCE)
    lock = FileLock(tmp_path / "lock")
    assert not lock.try_acquire()
    assert not FileLock(tmp_path / "lock", shared=True).try_acquire()
    assert holder.pid
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    assert lock.try_acquire()
    lock.release()


def test_shared_locks(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock", shared=True), FileLock(tmp_path / "lock", shared=True)
    with first, second:
        assert not FileLock(tmp_path / "lock").try_acquire()
    assert FileLock(tmp_path / "lock").try_acquire()


def test_waiting_for_a_lock_can_be_given_up(tmp_path: Path) -> None:
    tries = []

    def check() -> None:
        tries.append(1)
        if len(tries) == 3:
            raise InterruptedError

    with FileLock(tmp_path / "lock"), pytest.raises(InterruptedError):
        FileLock(tmp_path / "lock").acquire(check)


def test_a_lock_whose_file_was_deleted_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path):
        path.unlink()
        with FileLock(path):
            assert path.exists()


def test_one_lock_for_many_threads(tmp_path: Path) -> None:
    inside = 0
    most = 0

    def enter() -> None:
        nonlocal inside, most
        with FileLock(tmp_path / "lock"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.005)
            inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
