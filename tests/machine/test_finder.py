"""Environments are found where tools keep them, by names that people know, and nothing of theirs is run."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.places import Places
from tests.machine.conftest import UV, MakeVenv


def names(finder: Finder, folder: Path | None = None) -> list[str]:
    return [environment.display_name for environment in finder.environments(folder)[0]]


def problems(finder: Finder, folder: Path | None = None) -> dict[str, str]:
    return {
        environment.name: environment.prefix.problem.code if environment.prefix.problem else ""
        for environment in finder.environments(folder)[0]
    }


def conda_prefix(path: Path, *records: str, python: str = "") -> Path:
    """Make a conda prefix as far as its records say, with a program where there is a Python."""
    (path / "conda-meta").mkdir(parents=True)
    (path / "conda-meta/history").touch()
    for record in (*records, *([f"python-{python}-h0_0"] if python else [])):
        (path / "conda-meta" / f"{record}.json").write_text("{}")
    if python:
        (path / "bin").mkdir()
        (path / "bin/python").symlink_to(sys.executable)
        launcher = path / f"lib/python{python[:4]}/site-packages/ipykernel_launcher.py"
        launcher.parent.mkdir(parents=True)
        launcher.touch()
    return path


def test_a_projects_own_environments_come_first_from_the_nearest_folder_upwards(
    finder: Finder, home: Path, bare_venv: MakeVenv
) -> None:
    bare_venv(home / "work/analysis/.venv")
    bare_venv(home / "work/analysis/venv")
    bare_venv(home / "work/.venv")
    bare_venv(home / ".virtualenvs/other")
    conda_prefix(home / "work/analysis/.pixi/envs/default", python="3.12.1")
    conda_prefix(home / "work/analysis/.pixi/envs/lab", python="3.13.0")
    (home / "work/analysis/notebooks").mkdir()
    assert names(finder, home / "work/analysis/notebooks") == [
        "analysis (.venv, Python 3.11)",
        "analysis (venv, Python 3.11)",
        "analysis (pixi, Python 3.12)",
        "analysis (pixi lab, Python 3.13)",
        "work (.venv, Python 3.11)",
        "other (venv, Python 3.11)",
    ]


def test_each_tools_places_are_looked_into(finder: Finder, home: Path, bare_venv: MakeVenv) -> None:
    project = home / "my project"
    project.mkdir()
    mark = base64.urlsafe_b64encode(hashlib.sha256(os.fsencode(project)).digest()).decode()[:8]
    bare_venv(home / f".cache/pypoetry/virtualenvs/my-project-{mark}-py3.11")
    pipenv = bare_venv(home / ".local/share/virtualenvs/forecast-Ab3_-Xy9")
    (pipenv / ".project").write_text(str(project))
    bare_venv(home / f".local/share/hatch/env/virtual/tool/{mark}/docs")
    conda_prefix(home / "miniforge3", python="3.12.1")
    (home / "miniforge3/condabin").mkdir()
    conda_prefix(home / "miniforge3/envs/stats", python="3.10.2")
    conda_prefix(home / "elsewhere/geo", python="3.9.1")
    (home / ".conda").mkdir()
    (home / ".conda/environments.txt").write_text(f"{home}/gone\nrelative/one\n{home}/elsewhere/geo\n")
    conda_prefix(home / "big/team", python="3.13.2")
    (home / ".condarc").write_text(f"envs_dirs: [{home}/big, 7]\n")

    in_folder = ["my project (poetry, Python 3.11)", "my project (pipenv, Python 3.11)"]
    everywhere = [
        *("base (conda, Python 3.12)", "stats (conda, Python 3.10)"),
        *("geo (conda, Python 3.9)", "team (conda, Python 3.13)"),
    ]
    listed = names(finder, project)
    assert {*in_folder, "my project (hatch docs, Python 3.11)"} == set(listed[:3])
    assert listed[3:] == everywhere
    assert "my-project (poetry, Python 3.11)" in names(finder)


def test_real_venvs_of_three_tools_are_told_apart(finder: Finder, home: Path, venv_with_kernel: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "envs/a"], check=True)
    subprocess.run(
        [sys.executable, "-m", "virtualenv", "-q", "--no-seed", "--no-download", home / "envs/b"], check=True
    )
    subprocess.run([*UV, "venv", "-p", sys.executable, home / "envs/c"], check=True)
    (home / "envs/d").symlink_to(venv_with_kernel)
    version = ".".join(map(str, sys.version_info[:2]))
    kinds = ["venv", "virtualenv", "uv", "uv"]
    assert names(finder) == [f"{n} ({k}, Python {version})" for n, k in zip("abcd", kinds, strict=True)]
    assert problems(finder) == {"a": "no_kernel", "b": "no_kernel", "c": "no_kernel", "d": ""}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('home = {home}\nversion = 3.12.1\ncommand = x --prompt="x/3.13" = y\n', "3.12"),
        ("home = {home}\nversion_info = 3.12.1.final.0\n", "3.12"),
        ("home = {home}\nversion_info = 3.12.1\n", "3.12"),
        ("HOME={home}\nVERSION_INFO=3.12\n", "3.12"),
        ("prompt = 'a/b'\nhome = {home}\n", "3.11"),
        ("", "3.11"),
        ("\0\x1b[31m = \ud7ff\nversion = evil\x1b[2J\n", "3.11"),
    ],
)
def test_a_pyvenv_cfg_is_read_as_it_really_is(
    finder: Finder, home: Path, bare_venv: MakeVenv, text: str, version: str
) -> None:
    base = Path(os.path.realpath(sys.executable)).parent
    bare_venv(home / "p/.venv", text.format(home=base))
    assert names(finder, home / "p") == [f"p (.venv, Python {version})"]
    assert problems(finder, home / "p") == {"p": "no_kernel"}


def test_one_odd_environment_hides_no_other(finder: Finder, home: Path) -> None:
    conda_prefix(home / ".conda/envs/good", python="3.12.1")
    conda_prefix(home / ".conda/envs/empty")
    r = conda_prefix(home / ".conda/envs/r", "r-base-4.3.1-h0_0")
    (r / "share/jupyter/kernels/ir").mkdir(parents=True)
    spec = {"argv": ["R", "{connection_file}"], "display_name": "R", "language": "R"}
    (r / "share/jupyter/kernels/ir/kernel.json").write_text(json.dumps(spec))
    broken = conda_prefix(home / ".conda/envs/broken", python="3.12.1")
    (broken / "conda-meta/bad.json").write_bytes(b"\xff{")
    assert names(finder) == [
        "broken (conda, Python 3.12)",
        "empty (conda, no Python)",
        "good (conda, Python 3.12)",
        "r (conda, no Python)",
    ]
    assert problems(finder) == {"broken": "", "empty": "no_python", "good": "", "r": ""}


def test_links_and_odd_things_called_venv(finder: Finder, home: Path, bare_venv: MakeVenv) -> None:
    bare_venv(home / "data/a")
    (home / "envs").mkdir()
    (home / "envs/a").symlink_to(home / "data/a")
    (home / "envs/again").symlink_to(home / "data/a")
    (home / "envs/itself").symlink_to("itself")
    (home / "named").mkdir()
    (home / "named/.venv").write_text("mine\n")
    bare_venv(home / ".virtualenvs/mine")
    bare_venv(home / "many/.venv/one")
    bare_venv(home / "many/.venv/two")
    (home / "loop").mkdir()
    (home / "loop/.venv").symlink_to(".venv")
    (home / "outside").mkdir()
    (home / "outside/.venv").write_text("../../etc")

    assert [environment.path for environment in finder.environments()[0]] == [
        home / "envs/a",
        home / ".virtualenvs/mine",
    ]
    assert names(finder, home / "named")[0] == "named (venv, Python 3.11)"
    assert names(finder, home / "many")[:2] == [
        "many (.venv/one, Python 3.11)",
        "many (.venv/two, Python 3.11)",
    ]
    assert len(names(finder, home / "loop")) == len(names(finder, home / "outside")) == 2


def test_what_cannot_be_started_says_so(finder: Finder, home: Path, bare_venv: MakeVenv) -> None:
    dangling = bare_venv(home / "envs/dangling", "home = /opt/py/3.12.4/bin\nversion = 3.12.4\n")
    (dangling / "bin/python").unlink()
    (dangling / "bin/python").symlink_to("/opt/py/3.12.4/bin/python3")
    bare_venv(home / "envs/moved_base", "home = /opt/py/3.12.4/bin\nversion = 3.12.4\n")
    windows = home / "envs/windows"
    (windows / "Scripts").mkdir(parents=True)
    (windows / "Scripts/python.exe").touch()
    (windows / "pyvenv.cfg").write_text("home = C:\\Python312\nversion = 3.12.0\n")
    assert problems(finder) == {
        "dangling": "python_gone",
        "moved_base": "python_gone",
        "windows": "other_system",
    }
    sentence = finder.environments()[0][0].prefix.problem
    assert sentence
    assert sentence.message == "Its Python 3.12.4 is gone; recreate it from its packages."


def test_names_that_are_alike_are_told_apart_by_their_folder(
    finder: Finder, home: Path, bare_venv: MakeVenv
) -> None:
    bare_venv(home / "a/env")
    bare_venv(home / "b/env")
    first = finder.at(home / "a/env")
    assert names(finder, home / "a") == ["a (env, Python 3.11)"]
    bare_venv(home / "envs/x")
    bare_venv(home / "Envs/x")
    assert names(finder) == ["x (venv, Python 3.11) in ~/envs/x", "x (venv, Python 3.11) in ~/Envs/x"]
    bare_venv(home / "0/env")
    assert finder.at(home / "a/env").key == first.key != finder.at(home / "b/env").key


@pytest.mark.parametrize("name", ["two words", "统计 分析", "x" * 200, "new\nline\x1b[31m"])
def test_a_name_is_shown_as_it_is_and_never_steers_a_terminal(
    finder: Finder, home: Path, bare_venv: MakeVenv, name: str
) -> None:
    bare_venv(home / name / ".venv")
    (shown,) = names(finder, home / name)
    assert shown.isprintable()
    if name.isprintable():
        assert shown == f"{name} (.venv, Python 3.11)"


def test_in_a_folder_that_everybody_may_write_to_only_own_environments_count(
    finder: Finder, home: Path, bare_venv: MakeVenv
) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to somebody else")
    common = home / "common"
    planted = bare_venv(common / ".venv")
    common.chmod(0o1777)
    assert len(names(finder, common)) == 1
    os.chown(planted, 65534, 65534)
    assert names(finder, common) == []


def test_folders_of_a_setting_are_looked_into_first(home: Path, bare_venv: MakeVenv, tmp_path: Path) -> None:
    bare_venv(tmp_path / "team/a")
    bare_venv(tmp_path / "single")
    bare_venv(home / "envs/z")
    listed = os.pathsep.join([str(tmp_path / "team"), str(tmp_path / "single"), str(tmp_path / "nowhere")])
    finder = Finder(Places(home=home, environ={"CONDA_STORE_LABEXT_ENVIRONMENTS": listed}))
    assert [environment.name for environment in finder.environments()[0]] == ["a", "single", "z"]
