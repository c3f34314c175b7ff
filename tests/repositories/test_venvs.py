"""A repository opens on an environment in its folder where no conda-store can be asked; uv is real."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from traitlets.config.loader import Config

from conda_store_labext.repositories.choice import Choice
from conda_store_labext.repositories.files import FolderFiles
from conda_store_labext.repositories.manifest import find_manifest
from conda_store_labext.repositories.policy import Policy
from conda_store_labext.repositories.venv import venv_of
from tests.cli.running import CommandLine
from tests.machine.conftest import UV
from tests.repositories.conftest import MakeOrigin, end_servers
from tests.repositories.origin import Server, git
from tests.repositories.test_open import INDEX, answer_of
from tests.repositories.test_routes import listed, visited
from tests.server.asking import Ask
from tests.stores import PATIENCE

PYTHON = ".".join(map(str, sys.version_info[:2]))
PROJECT = f"""[project]
name = "course"
version = "1"
requires-python = ">={PYTHON}"
dependencies = ["six", "tabulate"]

[dependency-groups]
dev = ["colorama"]
"""
OURS = ("CONDA_STORE", "JUPYTER")


@pytest.fixture
def command_line(home: Path, folder: Path) -> Iterator[CommandLine]:
    """The program where there is no conda-store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    places = {
        f"JUPYTER_{name.upper()}_DIR": str(home.parent / name) for name in ("data", "config", "runtime")
    }
    yield CommandLine(
        {**kept, **places, "IPYTHONDIR": str(home.parent / "ipython"), "HOME": str(home), "PWD": str(folder)}
    )
    end_servers(home)


@pytest.fixture
def jp_server_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A server without a conda-store."""
    monkeypatch.delenv("CONDA_STORE_URL", raising=False)
    return Config(
        {
            "ServerApp": {"jpserver_extensions": {"conda_store_labext": True}},
            "CondaStoreApp": {"folder": str(tmp_path / "copies"), "repository_hosts": ["127.0.0.1"]},
        }
    )


def locked(folder: Path, name: str, six: str) -> dict[str, str | bytes]:
    """Return the files of a project that uv has locked, as a uv.lock or as a pylock.toml."""
    folder.mkdir(exist_ok=True)
    if name == "uv.lock":
        (folder / "pyproject.toml").write_text(PROJECT)
        subprocess.run([*UV, "lock", "--upgrade-package", f"six=={six}"], cwd=folder, check=True)
        files = ["pyproject.toml", "uv.lock"]
    else:
        (folder / "needs.in").write_text(f"six=={six}\ntabulate\n")
        compiled = [*UV, "pip", "compile", "--format", "pylock.toml", "-o", name, "needs.in"]
        subprocess.run(compiled, cwd=folder, check=True)
        files = [name]
    return {file: (folder / file).read_bytes() for file in files}


def version_of(environment: Path, name: str) -> str:
    """Return the version of a package as an environment's own Python sees it."""
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    command: list[str | Path] = [environment / "bin/python", "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def end_kernels(url: str) -> None:
    """Shut down what runs for the page at an address."""
    parts = urlsplit(url)
    base, headers = f"{parts.scheme}://{parts.netloc}", {"Authorization": parts.query.replace("=", " ")}
    for session in requests.get(f"{base}/api/sessions", headers=headers, timeout=PATIENCE).json():
        requests.delete(f"{base}/api/sessions/{session['id']}", headers=headers, timeout=PATIENCE)


def test_a_lockfile_of_uv_becomes_an_environment_in_the_clone(
    command_line: CommandLine, make: MakeOrigin, server: Server, folder: Path, home: Path
) -> None:
    name = "uv.lock"
    origin = make({**locked(home / "made", name, "1.16.0"), "index.ipynb": INDEX, "helper.py": "HERE = 1\n"})
    clone = folder / "course"
    asking = ("open", server.address(origin), "--into", str(clone), "--no-browser")
    look = command_line.json(*asking, "--look")
    assert f"made of {name} on this machine" in look["choice"]
    assert {each["name"] for each in look["new"]} == {"six", "tabulate", "ipykernel"}, "no group, no Python"
    refused = command_line(*asking)
    assert (refused.returncode, clone.exists()) == (4, False)
    opened = command_line.json(*asking, "--trust")
    assert (opened["chosen_by"], opened["build_id"]) == ("machine", None)
    assert opened["environment"] == str(clone / ".venv")
    answer = answer_of(
        opened["url"], home.parent / "runtime", "import helper, six, sys", "f'{sys.prefix} {six.__version__}'"
    )
    assert answer == f"{clone / '.venv'} 1.16.0"
    assert not list(clone.glob(".venv/lib/python*/site-packages/colorama")), "a group is not for notebooks"
    assert git(clone, "status", "--porcelain") == "", "the environment is no change of the user's"

    again = command_line.json(*asking)
    assert (again["kernel"], again["message"]) == (opened["kernel"], None)
    origin.commit(locked(home / "made", name, "1.17.0"))
    running = command_line.json(*asking)
    assert "shut them down" in running["message"], "what runs keeps its packages"
    end_kernels(opened["url"])
    renewed = command_line.json(*asking)
    assert (renewed["kernel"], renewed["message"]) == (opened["kernel"], None)
    code = "import six"
    assert answer_of(renewed["url"], home.parent / "runtime", code, "six.__version__") == "1.17.0"

    end_kernels(opened["url"])
    (clone / "ipykernel_launcher.py").write_text("raise RuntimeError('in the way')\n")
    dead = command_line(*asking)
    assert dead.returncode != 0
    assert f"{clone}: ipykernel_launcher.py there takes the place of a module" in dead.stderr


def test_an_environment_of_the_users_own_is_used_as_it_is(
    command_line: CommandLine, folder: Path, tmp_path: Path
) -> None:
    mine = folder / "mine"
    mine.mkdir()
    (mine / "requirements.txt").write_text("no-such-package-anywhere\n")
    (mine / "index.ipynb").write_text(INDEX)
    git(mine, "init", "--quiet")
    subprocess.run([*UV, "venv", "--python", sys.executable, mine / ".venv"], check=True)
    bare = command_line("open", str(mine), "--no-browser")
    assert bare.returncode != 0
    assert "ipykernel" in bare.stderr, "it is said what is missing, and nothing is installed"
    assert not list(mine.glob(".venv/lib/python*/site-packages/ipykernel"))


def chosen(folder: Path, policy: Policy | None = None) -> Choice:
    """Return the environment of a folder's manifest where no conda-store is asked."""
    manifest = find_manifest(FolderFiles(folder))
    assert manifest is not None
    choice = venv_of(manifest, folder, policy or Policy(), "None is asked.")
    assert choice is not None
    return choice


def test_without_uv_a_lockfile_of_uv_is_no_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked(home, "pylock.toml", "1.16.0")
    assert chosen(home).venv is not None
    monkeypatch.setenv("CONDA_STORE_LABEXT_UV", "")
    assert (chosen(home).venv, "With uv installed" in chosen(home).message) == (None, True)
    (home / "pylock.toml").unlink()
    (home / "requirements.txt").write_text("six\n")
    assert chosen(home).venv is not None, "pip reads that"


def test_channels_that_are_allowed_hold_for_what_pip_installs(home: Path) -> None:
    (home / "requirements.txt").write_text("six\n")
    refused = chosen(home, Policy(channels=("conda-forge",)))
    assert (refused.venv, "Packages of the channel pypi are not used here" in refused.message) == (None, True)
    assert chosen(home, Policy(channels=("conda-forge", "pypi"))).venv is not None


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
async def test_the_page_makes_it_once_that_is_said(
    ask: Ask, make: MakeOrigin, server: Server, jp_root_dir: Path, home: Path, name: str
) -> None:
    origin = make({**locked(home / "made", name, "1.16.0"), "index.ipynb": INDEX})
    asked = {"repository": server.address(origin)}
    look = (await visited(ask, "looks", **asked))["look"]
    assert (look["state"], look["environment"], look["trusted"]) == ("machine", None, False)
    assert look["manifest"]["channels"] == ["pypi"]
    assert {each["name"] for each in look["manifest"]["packages"] if each["is_new"]} >= {"six", "tabulate"}
    agreed = {**asked, "seen": look["seen"]}
    refused = await visited(ask, "openings", **agreed, build=True)
    assert refused["error"]["code"] == "not_trusted"
    refused = await visited(ask, "openings", **agreed, trust=True)
    assert refused["error"]["code"] == "invalid_request"
    assert listed(jp_root_dir) == []
    opened = await visited(ask, "openings", **agreed, trust=True, build=True)
    assert opened["state"] == "ready", opened
    assert [step["name"] for step in opened["steps"]] == ["look", "clone", "make"]
    assert opened["opened"]["kernel"].startswith("machine-course-")
    assert version_of(jp_root_dir / "course/.venv", "six") == "1.16.0"
    third = (await visited(ask, "looks", **asked))["look"]
    assert (third["state"], third["exists"]) == ("here", True)


async def test_an_environment_that_came_with_the_repository_is_left_alone(
    ask: Ask, make: MakeOrigin, jp_root_dir: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    origin = make(
        {
            "requirements.txt": "six\n",
            "index.ipynb": INDEX,
            ".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.0\n",
            ".venv/bin/python": f"#!/bin/sh\ntouch {ran}\n",
        }
    )
    asked = {"repository": origin.url}
    look = (await visited(ask, "looks", **asked))["look"]
    assert any(".venv came with the repository" in warning for warning in look["warnings"])
    opened = await visited(ask, "openings", **asked, seen=look["seen"], build=True)
    assert opened["state"] == "ready", opened
    assert version_of(jp_root_dir / "course/venv", "six")
    assert not ran.exists()
