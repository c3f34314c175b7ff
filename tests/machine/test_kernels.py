"""Kernels of this machine's environments, from programs that know nothing of this package."""

from __future__ import annotations

import asyncio
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, start_new_async_kernel

from conda_store_labext.errors import CacheNotWritable, InvalidRequest, NoKernel, NotFound
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.provisioner import KERNEL
from conda_store_labext.machine.registry import MachineKernels
from conda_store_labext.machine.start import METADATA
from tests.machine.conftest import MakeVenv
from tests.stores import PATIENCE

TELL = (
    "import json, os, sys; print(json.dumps([sys.prefix, os.environ.get('VIRTUAL_ENV'), "
    "os.environ.get('CONDA_PREFIX'), os.environ['PATH'].split(os.pathsep)[0], os.getpid()]))"
)


async def answer_of(client: AsyncKernelClient) -> list[str]:
    """Return where a kernel runs: prefix, VIRTUAL_ENV, CONDA_PREFIX, first folder of PATH, process."""
    printed = ""

    def collect(message: dict[str, dict[str, str]]) -> None:
        nonlocal printed
        printed += message["content"].get("text", "")

    await client.execute_interactive(TELL, timeout=PATIENCE, output_hook=collect)
    answer: list[str] = json.loads(printed)
    return answer


async def stopped(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
    client.stop_channels()
    await manager.shutdown_kernel(now=True)


async def told_by(kernel: str, cwd: Path | None = None) -> list[str]:
    """Start a kernel in a folder and return where it runs."""
    options = {"cwd": str(cwd)} if cwd else {}
    manager, client = await start_new_async_kernel(kernel_name=kernel, startup_timeout=PATIENCE, **options)
    try:
        return await answer_of(client)
    finally:
        await stopped(manager, client)


async def test_the_portable_kernel_starts_on_the_nearest_environment_at_each_start(
    home: Path, linked_venv: MakeVenv
) -> None:
    project = home / "two words $HOME 统计"
    venv = linked_venv(project / ".venv")
    deep = project / "notebooks" / "2026"
    deep.mkdir(parents=True)
    manager, client = await start_new_async_kernel(
        kernel_name=KERNEL, startup_timeout=PATIENCE, cwd=str(deep)
    )
    try:
        prefix, virtual_env, _, path, pid = await answer_of(client)
        assert (prefix, virtual_env, path) == (str(venv), str(venv), str(venv / "bin"))
        # one that is nearer now is the folder's environment from the next start on
        nearer = linked_venv(project / "notebooks" / ".venv")
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=PATIENCE)
        again = await answer_of(client)
        assert again[0] == str(nearer)
        assert again[4] != pid
        assert manager.kernel_spec
        assert manager.kernel_spec.metadata[METADATA]["prefix"] == str(nearer)
    finally:
        await stopped(manager, client)


async def test_without_an_environment_the_portable_kernel_says_how_to_make_one(home: Path) -> None:
    project = home / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("numpy\n")
    with pytest.raises(NotFound) as caught:
        await told_by(KERNEL, project)
    assert str(caught.value) == (
        "There is no environment in ~/project or above it; make one with `jupyter conda-store venv create "
        f"{project} -r {project}/requirements.txt`, then start the kernel again."
    )


async def test_a_colleague_makes_the_environment_of_the_same_notebook_as_they_are_told(
    home: Path, tmp_path: Path, linked_venv: MakeVenv, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = home / "my project"
    venv = linked_venv(mine / ".venv")
    (mine / "requirements.txt").write_text("six\n")
    assert (await told_by(KERNEL, mine))[0] == str(venv)

    theirs = tmp_path / "another home" / "from a friend"
    theirs.mkdir(parents=True)
    shutil.copy(mine / "requirements.txt", theirs)
    monkeypatch.setenv("HOME", str(theirs.parent))
    with pytest.raises(NotFound) as caught:
        await told_by(KERNEL, theirs)
    command = str(caught.value).split("`")[1].removeprefix("jupyter conda-store ")
    program = [sys.executable, "-m", "conda_store_labext.cli"]
    await asyncio.to_thread(subprocess.run, [*program, *shlex.split(command)], check=True)
    assert (await told_by(KERNEL, theirs))[0] == str(theirs / ".venv")
    assert (theirs / ".venv").is_dir()


async def test_an_environment_that_cannot_start_a_kernel_is_named_with_its_reason(
    home: Path, bare_venv: MakeVenv
) -> None:
    bare_venv(home / "project/.venv")
    with pytest.raises(NoKernel) as caught:
        await told_by(KERNEL, home / "project")
    message = str(caught.value)
    assert message == "~/project/.venv cannot start a kernel. It has no kernel; add ipykernel to it."


@pytest.mark.parametrize("program", ["nbconvert", "papermill"])
def test_nbconvert_and_papermill_run_on_the_portable_kernel(
    home: Path, linked_venv: MakeVenv, program: str
) -> None:
    venv = linked_venv(home / "project/.venv")
    notebook = home / "project/run.ipynb"
    source = "import sys; print(sys.prefix)"
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": []}
    metadata = {"kernelspec": {"name": KERNEL, "display_name": "x", "language": "python"}}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata}
    notebook.write_text(json.dumps({**content, "cells": [{**cell, "execution_count": None}]}))
    command = {
        "nbconvert": [*("-m", "nbconvert", "--execute", "--to", "notebook"), str(notebook), "--inplace"],
        "papermill": [*("-m", "papermill"), str(notebook), str(notebook)],
    }[program]
    done = subprocess.run(
        [sys.executable, *command], cwd=notebook.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ran = json.loads(notebook.read_text())["cells"][-1]
    assert "".join(ran["outputs"][0]["text"]) == f"{venv}\n"


async def test_a_named_kernel_is_there_for_every_program_and_goes_with_its_environment(
    home: Path, finder: Finder, linked_venv: MakeVenv
) -> None:
    venv = linked_venv(home / "a b/.venv")
    environment = finder.environments(home / "a b")[0][0]
    (kernel,) = MachineKernels().register(environment, "Pretty name")
    assert kernel.display_name == "Pretty name"
    assert KernelSpecManager().get_kernel_spec(kernel.name).display_name == "Pretty name"
    assert (await told_by(kernel.name))[:2] == [str(venv), str(venv)]

    # once more, by another name, is the same kernel: notebooks that name it keep it
    (renamed,) = MachineKernels().register(environment, "Other name")
    assert renamed.name == kernel.name
    assert MachineKernels().registered() == {environment.key: (renamed,)}

    shutil.rmtree(venv)
    assert MachineKernels().registered() == {}
    assert kernel.name not in KernelSpecManager().find_kernel_specs()


def test_unregistering_takes_away_the_kernels_of_one_environment(
    home: Path, finder: Finder, linked_venv: MakeVenv
) -> None:
    kernels = MachineKernels()
    for name in ("a/env", "b/env"):
        linked_venv(home / name)
        kernels.register(finder.at(home / name))
    a, b = finder.at(home / "a/env"), finder.at(home / "b/env")
    assert set(kernels.registered()) == {a.key, b.key}
    assert kernels.unregister(a.key)
    assert set(kernels.registered()) == {b.key}
    assert [kernel.display_name for kernel in kernels.registered()[b.key]] == [b.display_name]


@pytest.mark.parametrize("name", ["x" * 201, "a\nb", "\x1b[31mred"])
def test_a_kernels_name_is_printable(home: Path, finder: Finder, linked_venv: MakeVenv, name: str) -> None:
    linked_venv(home / "p/.venv")
    with pytest.raises(InvalidRequest):
        MachineKernels().register(finder.at(home / "p/.venv"), name)


async def test_a_moved_venv_starts_where_it_is_now(home: Path, finder: Finder, linked_venv: MakeVenv) -> None:
    linked_venv(home / "old/.venv")
    (home / "old").rename(home / "new")
    (kernel,) = MachineKernels().register(finder.at(home / "new/.venv"))
    assert (await told_by(kernel.name))[0] == str(home / "new/.venv")


async def test_a_conda_environment_starts_as_its_scripts_activate_it(
    home: Path, finder: Finder, linked_venv: MakeVenv
) -> None:
    prefix = linked_venv(home / ".conda/envs/geo")
    version = ".".join(map(str, sys.version_info[:3]))
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta/history").touch()
    (prefix / f"conda-meta/python-{version}-h0_0.json").write_text("{}")
    script = prefix / "etc/conda/activate.d/path.sh"
    script.parent.mkdir(parents=True)
    script.write_text(f'echo x >> "{home}/activations"; export PATH="$CONDA_PREFIX/extra:$PATH"\n')
    environment = finder.environments()[0][0]
    assert not (home / "activations").exists(), "listing runs nothing"
    (kernel,) = MachineKernels().register(environment)
    _, virtual_env, conda_prefix, path, _ = await told_by(kernel.name)
    assert [virtual_env, conda_prefix, path] == [None, str(prefix), f"{prefix}/extra"]
    MachineKernels().register(environment)
    assert (home / "activations").read_text() == "x\n", "scripts run once, as long as they stay the same"


def test_a_folder_that_cannot_be_written_to_is_said(
    home: Path, finder: Finder, linked_venv: MakeVenv
) -> None:
    linked_venv(home / "p/.venv")
    kernels = home / "jupyter"
    kernels.write_text("no folder")
    with pytest.raises(CacheNotWritable, match=r"cannot be registered in .* make that folder writable"):
        MachineKernels(kernels / "kernels").register(finder.at(home / "p/.venv"))
