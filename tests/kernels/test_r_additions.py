"""R gets a library of the overlay in front of its own, and what lies there is listed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conda_store_labext.copies.additions import Additions
from conda_store_labext.kernels.activation import Activation
from conda_store_labext.kernels.overlaid import Begun, begin
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.store.overlays import Overlays
from conda_store_labext.store.store import EnvironmentStore

BUILD = BuildRef("http://store", "team", "stats", 7)


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment of R alone, whose R says where it looks for packages."""
    folder = tmp_path / "an environment"
    (folder / "lib/R/library/base").mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin/R").write_text('#!/bin/sh\nprintf "%s\\n" "$R_LIBS" "$R_LIBS_USER" "$1"\n')
    (folder / "bin/R").chmod(0o755)
    return folder


@pytest.fixture
def additions(tmp_path: Path) -> Additions:
    return Additions(EnvironmentStore(tmp_path / "store"), Overlays(tmp_path / "additions"))


def begun(prefix: Path, additions: Additions, **session: str) -> Begun:
    activation = Activation(prefix, "stats", isolated=True, overlay=additions.overlays.of(BUILD))
    return begin(activation, {"PATH": "/usr/bin:/bin", **session}, {}, [str(prefix / "bin/R"), "--slave"])


def test_the_kernel_installs_into_a_library_in_front(prefix: Path, additions: Additions) -> None:
    library = additions.overlays.of(BUILD).folder / "lib/R/library"
    start = begun(prefix, additions, R_LIBS="/hub/site")
    assert start.command == (str(prefix / "bin/R"), "--slave"), "its own R runs"
    said = subprocess.run(
        start.command, env=start.activated.variables, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [f"{library}:/hub/site", str(library), "--slave"]
    assert library.is_dir()
    assert list((prefix / "lib/R/library").iterdir()) == [prefix / "lib/R/library/base"]

    (library / "praise").mkdir()
    (library / "praise/DESCRIPTION").write_text("Package: praise\nTitle: Praise\nVersion: 1.0.0\n")
    (library / "half").mkdir()
    (added,) = additions.of(BUILD).additions
    assert (added.name, added.version, added.manager, added.requested) == ("praise", "1.0.0", "r", True)
    additions.discard(BUILD.copy_key)
    assert additions.of(BUILD).additions == ()


def test_without_additions_nothing_changes_for_r(prefix: Path, additions: Additions) -> None:
    start = begun(prefix, additions, CONDA_STORE_LABEXT_ADDITIONS="0", R_LIBS="/hub/site")
    assert start.activated.variables["R_LIBS"] == "/hub/site"
    assert not additions.overlays.of(BUILD).folder.exists()
