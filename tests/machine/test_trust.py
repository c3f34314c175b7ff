"""Of an environment that somebody else made nothing runs before the user has said yes to it, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_async_kernel

from conda_store_labext.errors import NotTrusted
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.places import Places
from conda_store_labext.machine.provider import MachineProvider
from conda_store_labext.machine.provisioner import KERNEL
from conda_store_labext.machine.tracked import repository_of
from conda_store_labext.machine.trust import require_trusted
from conda_store_labext.models import PackageRequest
from tests.machine.conftest import MakeVenv
from tests.stores import PATIENCE

NOBODY = 65534


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def trapped(venv: Path, trap: Path) -> Path:
    """Have the programs of an environment leave a file behind when they run."""
    for name in ("python", "python3", "activate"):
        program = venv / "bin" / name
        program.unlink(missing_ok=True)
        program.write_text(f"#!/bin/sh\ntouch '{trap}'\n")
        program.chmod(0o755)
    (venv / "lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    return venv


@pytest.fixture
def cloned(home: Path, bare_venv: MakeVenv, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clone of a stranger's repository that has an environment in it."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / "config"))
    origin = home / "origin"
    trapped(bare_venv(origin / ".venv"), home / "ran")
    (origin / "note.md").write_text("Hello.")
    git(origin, "init", "--quiet")
    git(origin, "add", "--force", ".")
    git(origin, "commit", "--quiet", "-m", "All")
    git(home, "clone", "--quiet", str(origin), "clone")
    return home / "clone"


async def test_an_environment_that_came_with_a_repository_runs_nothing_before_a_yes(
    cloned: Path, home: Path, finder: Finder
) -> None:
    provider = MachineProvider(finder)
    (row,) = provider.environments(cloned).environments
    assert row.problem is None
    said = (
        f"clone (.venv, Python 3.11) came with the git repository {cloned}, and what is in it would run. If "
        "you trust whoever made it, say so in the panel or by `jupyter conda-store venv trust "
        f"{cloned}/.venv`, then try again."
    )
    asked = (
        lambda: provider.register(row.key),
        lambda: provider.activation(row.key),
        lambda: provider.preview(row.key, PackageRequest(("six",))),
        lambda: provider.change(row.key, PackageRequest(("six",)), print),
    )
    for action in asked:
        with pytest.raises(NotTrusted) as caught:
            action()
        assert str(caught.value) == said
    with pytest.raises(NotTrusted):
        await start_new_async_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE, cwd=str(cloned))
    assert provider.packages(row.key) == ()
    assert not (home / "ran").exists()

    provider.trust(row.key)
    assert provider.register(row.key)
    assert provider.activation(row.key) == f". {cloned}/.venv/bin/activate"
    again = MachineProvider(Finder(Places(home=home, environ={})))
    assert again.register(again.environments(cloned).environments[0].key), "it is asked once"


def test_in_a_terminal_the_command_line_asks_and_elsewhere_says_how(cloned: Path, home: Path) -> None:
    command = [sys.executable, "-m", "conda_store_labext.cli", "venv"]
    run = [*command, "run", "-e", str(cloned), "--", "true"]
    refused = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert refused.returncode == 4
    assert f"`jupyter conda-store venv trust {cloned}/.venv`" in refused.stderr
    assert not (home / "ran").exists()
    subprocess.run([*command, "trust", str(cloned)], check=True)
    assert subprocess.run(run, stdin=subprocess.DEVNULL, check=False).returncode == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_an_environment_of_another_user_is_a_strangers_unless_a_setting_names_its_folder(
    home: Path, finder: Finder, bare_venv: MakeVenv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / "config"))
    os.chown(bare_venv(home / "theirs/.venv"), NOBODY, NOBODY)
    (home / "mine").mkdir()
    (home / "mine/.venv").symlink_to(home / "theirs/.venv")
    for project in ("theirs", "mine"):
        environment = finder.nearest(home / project)
        with pytest.raises(NotTrusted, match=r"belongs to nobody, and what is in it would run"):
            require_trusted(environment)
        require_trusted(environment, [home / project])
    provider = MachineProvider(finder)
    provider.trust(finder.nearest(home / "mine").key)
    require_trusted(finder.nearest(home / "theirs"))
    # another owner's in the same place is another one
    os.chown(home / "theirs/.venv", NOBODY - 1, NOBODY - 1)
    with pytest.raises(NotTrusted, match=r"belongs to another user \(65533\)"):
        require_trusted(finder.nearest(home / "theirs"))


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("objects", ["sha1", "sha256"])
def test_what_git_tracks_is_read_from_its_index(tmp_path: Path, version: str, objects: str) -> None:
    git(tmp_path, "init", "--quiet", f"--object-format={objects}")
    names = (".venv/bin/python", ".venvs/x", "a", "env/sub/deep/file", "e" * 300 + "/y", "ü/.venv/z")
    for name in names:
        (tmp_path / name[:200] / name[200:]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name[:200] / name[200:]).write_text("x")
    git(tmp_path, "add", ".")
    if version == "3":
        (tmp_path / "later").write_text("x")
        git(tmp_path, "add", "--intent-to-add", "later")
    git(tmp_path, "update-index", f"--index-version={version}" if version != "3" else "--force-write-index")
    (tmp_path / "venv").mkdir()
    for name, tracked in ((".venv", True), ("venv", False), ("env/sub", True), ("ü/.venv", True)):
        assert (repository_of(tmp_path / name) is not None) is tracked, name
    assert repository_of(tmp_path / "nv") is None, "a part of a name is no name"
    git(tmp_path, "commit", "--quiet", "-m", "All")
    git(tmp_path, "worktree", "add", "--quiet", str(tmp_path / "other"))
    assert repository_of(tmp_path / "other/.venv") == tmp_path / "other"


def test_an_index_that_cannot_be_read_means_no(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert repository_of(tmp_path / ".venv") is None, "nothing was ever added"
    (tmp_path / ".git/index").write_bytes(b"DIRC\0\0\0\2\0\0\0\5damaged")
    assert repository_of(tmp_path / ".venv") == tmp_path
