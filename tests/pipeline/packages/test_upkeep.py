"""Byte code is made when a copy is in use already: whatever happens meanwhile, the copy is what it was."""

from __future__ import annotations

import importlib.util
import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from conda_store_labext.copies.upkeep import Upkeep
from conda_store_labext.copies.verify import verify
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.packages import bytecode
from conda_store_labext.pipeline.packages.files import PackageFiles
from conda_store_labext.pipeline.packages.install import Installer
from conda_store_labext.pipeline.packages.known import read_known
from conda_store_labext.pipeline.packages.lockfiles import read_lockfile
from conda_store_labext.pipeline.packages.plan import Plan
from conda_store_labext.pipeline.packages.upkeep import MODULE, lacks_bytecode, tend, undone
from conda_store_labext.pipeline.worker_process import start_module
from conda_store_labext.store.processes import running_in
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import snapshot
from tests.pipeline.packages.conftest import Channel, Install
from tests.pipeline.packages.making import PLACEHOLDER, Made
from tests.stores import wait_until

SITE = "lib/python{}.{}/site-packages".format(*sys.version_info[:2])
NUMBER = 40
PYTHON = Made(
    "python",
    "{}.{}.0".format(*sys.version_info[:2]),
    "0_cpython",
    # it runs what it is given
    files={
        "bin/python{}.{}".format(*sys.version_info[:2]): b"#!/bin/sh\nexec "
        + os.fsencode(sys.executable)
        + b' "$@"\n'
    },
)
MODULES = Made(
    "modules",
    noarch="python",
    files={
        **{f"site-packages/modules/m{number}.py": b"X = [1, 2, 3]\n" * 300 for number in range(NUMBER)},
        "site-packages/modules/__init__.py": b"",
        "site-packages/modules/where.py": f"ROOT = '{PLACEHOLDER}'\n".encode(),
        "site-packages/modules/template.py": b"{{ no Python }} =\n",
    },
)


@pytest.fixture
def copy(channel: Channel, install: Install, monkeypatch: pytest.MonkeyPatch) -> StoredCopy:
    """A copy that was published before any byte code was made."""
    with monkeypatch.context() as patch:
        patch.setattr(bytecode.Compiler, "start", lambda self, python: None)
        made = install(channel.put(PYTHON, MODULES))
    assert compiled(made.prefix) == set()
    return made


def compiled(prefix: Path) -> set[str]:
    """Return the sources that have byte code which Python takes."""
    sources = set()
    for source in (prefix / SITE).rglob("*.py"):
        made = Path(importlib.util.cache_from_source(str(source)))
        if made.exists():
            head, status = made.read_bytes()[:16], source.stat()
            assert head[8:] == int(status.st_mtime).to_bytes(4, "little") + status.st_size.to_bytes(
                4, "little"
            )
            sources.add(source.stem)
    return sources


def require_untouched(prefix: Path) -> int:
    """Raise unless `verify` finds a copy as it was published; return how many files it looked at."""
    verdict = verify(prefix)
    assert (verdict.changed, verdict.missing, verdict.unchecked) == ((), (), ())
    return verdict.verified


EVERY = {*(f"m{number}" for number in range(NUMBER)), "__init__", "where"}


def test_an_untouched_copy_is_untouched_before_and_after(copy: StoredCopy, disk: EnvironmentStore) -> None:
    before = snapshot(copy.prefix)
    looked_at = require_untouched(copy.prefix)
    assert list(undone(disk)) == [copy.key]
    tend(disk, copy.key)
    assert compiled(copy.prefix) == EVERY
    assert require_untouched(copy.prefix) == looked_at + len(EVERY)
    # what cannot be compiled is not tried again
    assert list(undone(disk)) == []
    after = snapshot(copy.prefix)
    assert {path: entry for path, entry in after.items() if "__pycache__" not in path} == before
    edited = copy.prefix / SITE / "modules/__pycache__" / f"m1.{sys.implementation.cache_tag}.pyc"
    edited.write_bytes(edited.read_bytes() + b"?")
    assert verify(copy.prefix).changed == (str(edited.relative_to(copy.prefix)),)


@pytest.mark.parametrize("answers", [0, 1, 20])
def test_killed_at_any_point_it_is_gone_on_with(
    answers: int, copy: StoredCopy, disk: EnvironmentStore
) -> None:
    process = start_module(MODULE, str(disk.root), copy.key)
    wait_until(lambda: len(compiled(copy.prefix)) >= answers or process.poll() is not None)
    children = psutil.Process(process.pid).children() if process.poll() is None else []
    for each in [psutil.Process(process.pid), *children] if process.poll() is None else children:
        with suppress(psutil.Error):
            each.kill()
    process.wait()
    require_untouched(copy.prefix)
    for number in range(3 * lacks_bytecode(disk, copy.key)):  # as one that is killed leaves it
        cache = copy.prefix / SITE / "modules/__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / f"m{number}.{sys.implementation.cache_tag}.pyc.1234").write_bytes(b"half")
    tend(disk, copy.key, idle=True)
    assert compiled(copy.prefix) == EVERY
    assert not list((copy.prefix / SITE).rglob("*.pyc.*"))
    require_untouched(copy.prefix)


def test_the_next_environment_takes_the_byte_code(
    copy: StoredCopy, channel: Channel, disk: EnvironmentStore
) -> None:
    tend(disk, copy.key)
    packages = read_lockfile(channel.put(PYTHON, MODULES)).packages
    plan = Plan.of(packages, PackageFiles(disk.home / "none"), [copy.prefix])
    assert plan.to_fetch == ()
    installer = Installer(disk, packages, siblings=lambda: [copy.prefix], plan=plan, strict=True)
    before = snapshot(copy.prefix)
    two = installer.run(BuildRef("http://server", "default", "again", 7))
    assert compiled(two.prefix) >= EVERY - {"where"}
    name = f"{SITE}/modules/__pycache__/m1.{sys.implementation.cache_tag}.pyc"
    assert (two.prefix / name).stat().st_ino == (copy.prefix / name).stat().st_ino
    known = read_known(two.prefix)
    assert known is not None
    assert {path.rpartition(b"/")[2] for path in known.uncompiled} <= {b"where.py", b"template.py"}
    require_untouched(two.prefix)
    assert snapshot(copy.prefix) == before


def test_the_program_that_owns_it_has_it_done(copy: StoredCopy, disk: EnvironmentStore) -> None:
    upkeep = Upkeep(disk.root, quiet=0.01)
    upkeep.later()
    wait_until(lambda: not lacks_bytecode(disk, copy.key))
    upkeep.close()
    assert compiled(copy.prefix) == EVERY
    assert list(running_in(copy.prefix)) == []


def test_somebody_can_wait_for_it(copy: StoredCopy, disk: EnvironmentStore) -> None:
    upkeep = Upkeep(disk.root)
    upkeep.now(copy.key)
    assert compiled(copy.prefix) == EVERY
    upkeep.close()
    upkeep.now(copy.key)


def test_a_copy_can_be_removed_meanwhile(copy: StoredCopy, disk: EnvironmentStore) -> None:
    process = start_module(MODULE, str(disk.root), copy.key)
    wait_until(lambda: bool(compiled(copy.prefix)) or process.poll() is not None)
    disk.remove(copy.key)
    assert process.wait(60) == 0
    assert disk.list() == ()
    disk.sweep()
    assert list((disk.home / "k").iterdir()) == []
