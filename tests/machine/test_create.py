"""An environment is made whole or not at all, only where nothing is, and is as if made by hand."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conda_store_labext.errors import (
    Cancelled,
    Conflict,
    InstallFailed,
    InvalidRequest,
    NotConfigured,
    NotFound,
)
from conda_store_labext.machine.create import create
from conda_store_labext.machine.finder import STAGED, Finder
from conda_store_labext.machine.installers import Installer, find_uv
from conda_store_labext.models import CreateRequest
from tests.machine.conftest import UV, MakeVenv


def quiet() -> None:
    """Let what is under way go on."""


def made(request: CreateRequest, *, uv: bool = True) -> tuple[Path, str]:
    """Make an environment and return its path and the log."""
    lines: list[str] = []
    path = create(request, lines.append, quiet, find_uv if uv else lambda: None)
    return path, "\n".join(lines)


@pytest.fixture
def without_ensurepip(home: Path) -> str:
    """A Python as Debian has it without python3-venv: asked for ensurepip, it has none."""
    python = home / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return str(python)


def left(folder: Path) -> list[str]:
    """Return what lies in a project's folder."""
    return sorted(path.name for path in folder.iterdir())


def version_in(path: Path, package: str) -> str:
    """Return the version of a package as the environment's own Python sees it."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([path / "bin/python", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_uv_makes_it_from_requirements_as_if_it_had_been_made_in_its_place(
    home: Path, finder: Finder
) -> None:
    project = home / "two words 统计"
    project.mkdir()
    (project / "requirements.txt").write_text("six==1.16.0\n-r more.txt\n")
    (project / "more.txt").write_text("tabulate==0.9.0\n")
    path, log = made(CreateRequest(str(project), file="requirements.txt"))
    assert path == project / ".venv"
    assert left(project) == [".venv", "more.txt", "requirements.txt"]
    assert (path / ".gitignore").read_text().strip() == "*"
    assert "six==1.16.0" in log
    (environment, *_) = finder.environments(project)[0]
    assert environment.prefix.problem is None, "it has ipykernel"
    # every script is as if it had been made here: nothing names the folder it was made in
    for file in (path / "bin").iterdir():
        if not file.is_symlink():
            assert STAGED.encode() not in file.read_bytes(), file
    done = subprocess.run([path / "bin/tabulate", "-h"], capture_output=True, text=True, check=False)
    assert "usage" in (done.stdout + done.stderr).lower()
    sourced = f'. "{path}/bin/activate"; echo "$VIRTUAL_ENV"; command -v tabulate'
    shell = subprocess.run(["bash", "-c", sourced], capture_output=True, text=True, check=True)
    assert shell.stdout.split("\n")[:2] == [str(path), str(path / "bin/tabulate")]


@pytest.mark.slow
def test_pip_makes_it_where_there_is_no_uv_and_no_ensurepip(home: Path, without_ensurepip: str) -> None:
    project = home / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\ndependencies = ["six<1.17"]\n'
    )
    path, _ = made(CreateRequest(str(project), "env", "pyproject.toml", without_ensurepip), uv=False)
    assert version_in(path, "six") == "1.16.0"
    assert version_in(path, "ipykernel")
    assert (path / ".gitignore").read_text().strip() == "*"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('dynamic = ["dependencies"]', "computes its dependencies when it is built"),
        ("x = = 1", "is not valid TOML"),
        ('dependencies = ["a b"]', "are not understood"),
    ],
)
def test_a_pyproject_that_pip_cannot_be_told_of_is_refused_before_anything_is_made(
    home: Path, text: str, why: str
) -> None:
    (home / "pyproject.toml").write_text(f"[project]\n{text}\n")
    with pytest.raises(InvalidRequest, match=why):
        made(CreateRequest(str(home), file="pyproject.toml"), uv=False)
    assert left(home) == ["pyproject.toml"]


def test_the_standard_library_brings_pip_where_it_can(home: Path) -> None:
    Installer(home, print, quiet, None).make(home / "env", "", "named")
    done = subprocess.run([home / "env/bin/pip", "--version"], capture_output=True, text=True, check=True)
    assert str(home / "env") in done.stdout
    assert "prompt = 'named'" in (home / "env/pyvenv.cfg").read_text()


def test_a_uv_lock_is_honoured_and_never_guessed_at(home: Path) -> None:
    project = home / "project"
    project.mkdir()
    minor = ".".join(map(str, sys.version_info[:2]))
    (project / "pyproject.toml").write_text(
        f'[project]\nname = "p"\nversion = "1"\nrequires-python = ">={minor}"\ndependencies = ["six"]\n'
    )
    subprocess.run([*UV, "lock", "--upgrade-package", "six==1.15.0"], cwd=project, check=True)
    path, _ = made(CreateRequest(str(project), file="uv.lock"))
    assert version_in(path, "six") == "1.15.0"
    assert version_in(path, "ipykernel")
    with pytest.raises(NotConfigured, match="uv"):
        made(CreateRequest(str(project), "other", "uv.lock"), uv=False)
    assert not [name for name in left(project) if "other" in name]


def test_only_a_new_folder_is_ever_written_to(home: Path, bare_venv: MakeVenv) -> None:
    project = home / "project"
    bare_venv(project / "venv")
    (project / "data").mkdir()
    (project / "data/kept").touch()
    (project / "file").touch()
    (project / "link").symlink_to(home / "nowhere")
    before = left(project)
    with pytest.raises(Conflict, match="is an environment already; use it, or remove it first"):
        made(CreateRequest(str(project), "venv"))
    for name in ("data", "file", "link"):
        with pytest.raises(Conflict, match="already exists and is not an environment"):
            made(CreateRequest(str(project), name))
    for name in (".", "..", "a/b", "-x", "x" * 101):
        with pytest.raises(InvalidRequest):
            made(CreateRequest(str(project), name))
    with pytest.raises(NotFound):
        made(CreateRequest(str(home / "nowhere")))
    with pytest.raises(NotFound):
        made(CreateRequest(str(project), file="requirements.txt"))
    with pytest.raises(InvalidRequest, match=r"There is no Python 3\.77 on this machine"):
        made(CreateRequest(str(project), python="3.77"))
    assert left(project) == before
    assert (project / "data/kept").exists()


def test_a_failure_leaves_nothing_and_says_why(home: Path, finder: Finder) -> None:
    (home / "p").mkdir()
    (home / "p/requirements.txt").write_text("six==0.0.0.1\n")
    with pytest.raises(InstallFailed) as caught:
        made(CreateRequest(str(home / "p"), file="requirements.txt"))
    message = str(caught.value)
    assert "six==0.0.0.1" in message
    assert message.endswith("; the log says more.")
    assert left(home / "p") == ["requirements.txt"]
    assert finder.environments(home / "p")[0] == ()


def test_cancelling_ends_the_program_and_leaves_nothing(home: Path) -> None:
    (home / "p").mkdir()
    (home / "p/slow").mkdir()
    # a package whose build waits for ever
    setup = f"import pathlib, time; pathlib.Path({str(home / 'building')!r}).touch(); time.sleep(600)"
    (home / "p/slow/setup.py").write_text(setup)
    (home / "p/requirements.txt").write_text("./slow\n")

    def check() -> None:
        if (home / "building").exists():
            raise Cancelled("Nothing was made.")

    request = CreateRequest(str(home / "p"), file="requirements.txt")
    with pytest.raises(Cancelled):
        create(request, lambda _: None, check, find_uv)
    assert left(home / "p") == ["requirements.txt", "slow"]


def test_what_a_killed_maker_left_is_cleared_away_and_what_is_being_made_is_not(
    home: Path, finder: Finder
) -> None:
    project = home / "p"
    project.mkdir()
    code = (
        "import sys; from conda_store_labext.machine import create as c; "
        "from conda_store_labext.models import CreateRequest as R\n"
        "def hang(*_):\n    print('filling', flush=True); import time; time.sleep(600)\n"
        "c._fill = hang; c.create(R(sys.argv[1]), lambda _: None, lambda: None)"
    )
    maker = subprocess.Popen([sys.executable, "-c", code, str(project)], stdout=subprocess.PIPE)
    assert maker.stdout
    assert maker.stdout.readline() == b"filling\n"
    (half,) = left(project)
    assert STAGED in half
    assert finder.environments(project)[0] == (), "what is in the making is in no list"
    made(CreateRequest(str(project)))
    assert left(project) == [".venv", half], "somebody is still at it"
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    maker.stdout.close()
    made(CreateRequest(str(project), "venv"))
    made(CreateRequest(str(project), ".venv2"))
    assert left(project) == [".venv", half, ".venv2", "venv"], "another name's is left alone"
    (project / ".venv").rename(project / "old")
    made(CreateRequest(str(project)))
    assert half not in left(project)


def test_of_two_who_make_the_same_one_wins_and_the_other_is_told(home: Path) -> None:
    (home / "p").mkdir()
    outcomes: list[object] = []

    def run() -> None:
        try:
            outcomes.append(made(CreateRequest(str(home / "p")))[0])
        except Conflict as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(isinstance(outcome, Path) for outcome in outcomes) == [False, True]
    assert left(home / "p") == [".venv"]


def test_a_python_without_ensurepip_makes_no_half_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch, without_ensurepip: str
) -> None:
    (home / "p").mkdir()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotConfigured, match=r"ensurepip is missing.*python3-venv"):
        made(CreateRequest(str(home / "p"), python=without_ensurepip), uv=False)
    assert left(home / "p") == []


def test_variables_of_the_session_do_not_lead_packages_elsewhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "p").mkdir()
    for name in ("PIP_TARGET", "PIP_PREFIX", "UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV", "PYTHONHOME"):
        monkeypatch.setenv(name, str(home / "wrong"))
    monkeypatch.setenv("PIP_USER", "1")
    path, _ = made(CreateRequest(str(home / "p")))
    assert not (home / "wrong").exists()
    monkeypatch.delenv("PYTHONHOME")
    assert version_in(path, "ipykernel")


def test_a_folder_that_cannot_be_written_to_is_said(home: Path) -> None:
    """Run as an ordinary user: root may write everywhere."""
    closed = home / "closed"
    closed.mkdir(0o555)
    for folder in (home, *home.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o711)
    code = (
        "import os, sys; from conda_store_labext.machine.create import create; "
        "from conda_store_labext.models import CreateRequest\n"
        "if not os.getuid(): os.seteuid(65534)\n"
        "try: create(CreateRequest(sys.argv[1]), print, lambda: None)\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code, closed], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(
        f"CacheNotWritable {closed} cannot be written to (Permission denied); correct"
    )
    assert list(closed.iterdir()) == []
