"""Environments that poetry, pipenv and py-rattler made: found, named, started, and left to their tools."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.provider import MachineProvider
from conda_store_labext.machine.provisioner import KERNEL
from conda_store_labext.machine.registry import MachineKernels
from conda_store_labext.models import PackageRequest
from conda_store_labext.models.platform import NOARCH, this_platform
from tests.machine.conftest import UV
from tests.machine.test_kernels import told_by
from tests.stores import RunningStore

VERSION = ".".join(map(str, sys.version_info[:2]))


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs `poetry` and `pipenv`."""
    folder = tmp_path_factory.mktemp("tools") / "venv"
    subprocess.run([*UV, "venv", "--python", sys.executable, folder], check=True)
    subprocess.run([*UV, "pip", "install", "--python", folder / "bin/python", "poetry", "pipenv"], check=True)
    return folder / "bin"


def run(command: list[str | Path], folder: Path) -> str:
    """Run a tool in a project's folder as its user does, and return what it printed."""
    environ = {**os.environ, "PIPENV_YES": "1", "PIPENV_VERBOSITY": "-1", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def made(tool: str, tools: Path, project: Path) -> Path:
    """Have a tool make the environment of a project, and return where that is."""
    if tool == "pipenv":
        run([tools / "pipenv", "--python", sys.executable], project)
        return Path(run([tools / "pipenv", "--venv"], project))
    (project / "pyproject.toml").write_text(
        '[project]\nname = "known-otherwise"\nversion = "1"\nrequires-python = ">=3.10"\n'
        "[tool.poetry]\npackage-mode = false\n"
    )
    run([tools / "poetry", "env", "use", sys.executable], project)
    return Path(run([tools / "poetry", "env", "info", "--path"], project))


@pytest.mark.parametrize("tool", ["poetry", "pipenv"])
async def test_a_tools_own_environment_is_found_by_its_project_and_starts(
    tool: str, tools: Path, home: Path, finder: Finder
) -> None:
    project = home / "my project"
    (project / "notebooks").mkdir(parents=True)
    prefix = await asyncio.to_thread(made, tool, tools, project)
    provider = MachineProvider(finder, MachineKernels())
    (row, *_) = provider.environments(project / "notebooks").environments
    assert (row.prefix, row.kind, row.project) == (str(prefix), tool, str(project))
    assert row.display_name == f"my project ({tool}, Python {VERSION})"
    assert row.problem
    assert row.problem.code == "no_kernel"
    provider.change(row.key, PackageRequest(add=("ipykernel",)), lambda _: None)
    assert (await told_by(KERNEL, project / "notebooks"))[:2] == [str(prefix), str(prefix)]

    # it is made anew, and removed, by its own tool; then it is in no list
    (prefix / "bin/python").unlink()
    with pytest.raises(InvalidRequest, match=f"is managed by {tool}; recreate it there"):
        provider.recreate(row.key, lambda _: None, lambda: None)
    assert prefix.is_dir()
    remove = {"poetry": ["env", "remove", "--all"], "pipenv": ["--rm"]}[tool]
    await asyncio.to_thread(run, [tools / tool, *remove], project)
    assert row.key not in {other.key for other in provider.environments(project).environments}


async def test_a_prefix_that_py_rattler_made_is_found_and_starts(
    store: RunningStore, home: Path, finder: Finder
) -> None:
    rattler = pytest.importorskip("rattler")
    locked = store.client().lockfile(store.builds["minimal"])
    channel = locked["package"][0]["url"].rsplit("/", 2)[0]
    prefix = home / ".conda/envs/two words"
    records = await rattler.solve(
        sources=[channel],
        specs=["python", "ipykernel"],
        platforms=[rattler.Subdir(this_platform()), rattler.Subdir(NOARCH)],
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    await rattler.install(records, target_prefix=prefix, cache_dir=home / "cache", show_progress=False)
    provider = MachineProvider(finder, MachineKernels())
    (row,) = provider.environments(home).environments
    assert (row.kind, row.name, row.problem) == ("conda", "two words", None)
    assert row.display_name.startswith("two words (conda, Python 3.")
    assert {"python", "ipykernel"} <= {package.name for package in provider.packages(row.key)}
    (kernel,) = provider.register(row.key)
    assert (await told_by(kernel.name))[:3] == [str(prefix), None, str(prefix)]
    with pytest.raises(InvalidRequest, match="changed by its own tool"):
        provider.change(row.key, PackageRequest(add=("six",)), lambda _: None)
    (prefix / "bin/python").unlink()
    with pytest.raises(InvalidRequest, match="is managed by conda; recreate it there"):
        provider.recreate(row.key, lambda _: None, lambda: None)
