"""A registered kernel activates its environment in the session that it starts in, whoever starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.kernels.execution import NotExecuted, become
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.store.lock import FileLock
from conda_store_labext.store.records import StoredCopy
from tests.kernels.test_kernelspecs import add_kernel, stored
from tests.stores import PATIENCE, wait_until

NVIDIA = "/usr/local/nvidia/lib64"


@pytest.fixture
def copy(tmp_path: Path) -> StoredCopy:
    """A copy whose kernel prints its variables as JSON, and whose script appends to a list."""
    prefix = tmp_path / "prefix"
    add_kernel(prefix, "show", "show", "show", env={"KERNEL": "1", "PATH": "/farm/bin"})
    show = f"#!{sys.executable}\nimport json, os, sys\nprint(json.dumps([dict(os.environ), sys.argv[1:]]))\n"
    (prefix / "bin/show").write_text(show)
    script = prefix / "etc/conda/activate.d/cuda.sh"
    script.parent.mkdir(parents=True)
    script.write_text("export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$CONDA_PREFIX/lib\n")
    (script.with_name("broken.sh")).write_text("set -e; false\n")
    return replace(stored(prefix), variables={"SPECIFIED": "1"})


def started(copy: StoredCopy, folder: Path, session: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start the registered kernel as Jupyter does, in a folder with modules that must not be imported."""
    registry = KernelspecRegistry(folder / "kernels")
    (kernel,) = registry.register(copy, folder / "cache.json")
    spec = json.loads((registry.folder / kernel.name / "kernel.json").read_text())
    (folder / "work").mkdir(exist_ok=True)
    (folder / "work/json.py").write_text("raise RuntimeError('a module of the notebook')")
    assert "env" not in spec, "that would replace what the session has"
    return subprocess.run(
        spec["argv"], env=session, cwd=folder / "work", capture_output=True, text=True, check=False
    )


def test_a_kernel_starts_as_if_its_environment_were_activated(copy: StoredCopy, tmp_path: Path) -> None:
    session = {
        "PATH": f"/venv/bin:{os.environ['PATH']}",
        "VIRTUAL_ENV": "/venv",
        "CONDA_STORE_TOKEN": "secret",
        "LD_LIBRARY_PATH": NVIDIA,
        "PYTHONPATH": "/my/modules",
    }
    done = started(copy, tmp_path, session)
    variables, arguments = json.loads(done.stdout)
    assert variables["LD_LIBRARY_PATH"] == f"{NVIDIA}:{copy.prefix}/lib"
    assert variables["PATH"].startswith(f"{copy.prefix}/bin:/farm/bin:")
    assert "/venv/bin" not in variables["PATH"].split(":")
    assert not {"VIRTUAL_ENV", "CONDA_STORE_TOKEN"} & set(variables)
    assert (variables["KERNEL"], variables["SPECIFIED"]) == ("1", "1")
    assert variables["PYTHONPATH"] == session["PYTHONPATH"]
    assert arguments[1] == "{connection_file}"
    assert "broken.sh ended the shell" in done.stderr
    without = json.loads(started(copy, tmp_path, {"PATH": "/usr/bin:/bin"}).stdout)[0]
    assert without["LD_LIBRARY_PATH"] == f":{copy.prefix}/lib"


def test_a_copy_without_python_is_in_use_from_the_start_of_its_kernel_to_its_end(tmp_path: Path) -> None:
    prefix = tmp_path / "v1/e/12345678-1"
    add_kernel(prefix, "show", "show", "show")
    (prefix / "bin/show").write_text("#!/bin/sh\necho up; read line\n")
    script = prefix / "etc/conda/activate.d/slow.sh"
    script.parent.mkdir(parents=True)
    script.write_text("sleep 0.5\n")
    (tmp_path / "v1/l").mkdir()
    lock = FileLock(tmp_path / "v1/l/12345678-1.lock")
    registry = KernelspecRegistry(tmp_path / "kernels")
    (kernel,) = registry.register(stored(prefix))
    argv = json.loads((registry.folder / kernel.name / "kernel.json").read_text())["argv"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        wait_until(lambda: is_held_by_another(lock), PATIENCE)
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        assert is_held_by_another(lock)
        process.communicate(b"\n")
    assert not is_held_by_another(lock)


def is_held_by_another(lock: FileLock) -> bool:
    held = not lock.try_acquire()
    lock.release()
    return held


def test_a_kernel_whose_program_is_gone_says_so(copy: StoredCopy, tmp_path: Path) -> None:
    (copy.prefix / "bin/show").write_text("#!/no/such/interpreter\n")
    done = started(copy, tmp_path, {"PATH": "/usr/bin:/bin"})
    assert done.returncode == 126
    assert "did not start" in done.stderr
    assert "remove it and make it again" in done.stderr
    assert "Traceback" not in done.stderr


def test_kernels_that_another_jupyter_registered_are_written_anew_when_it_is_gone(
    copy: StoredCopy, tmp_path: Path
) -> None:
    registry = KernelspecRegistry(tmp_path / "kernels")
    (kernel,) = registry.register(copy)
    assert registry.current(copy) == (kernel,)
    assert registry.outdated([copy]) == []
    file = registry.folder / kernel.name / "kernel.json"
    spec = json.loads(file.read_text())
    spec["argv"][4] = str(tmp_path / "another-jupyter/start.py")
    file.write_text(json.dumps(spec))
    assert registry.outdated([copy]) == [copy]
    assert registry.current(copy) == ()
    assert registry.dangling() == ()


@pytest.mark.parametrize(
    ("contents", "mode", "code"),
    [
        (None, 0o755, 127),
        (b"#!/bin/sh\n", 0o644, 126),
        (b"#!/no/such/interpreter\n", 0o755, 126),
        (b"\x7fELF\0nonsense", 0o755, 126),
    ],
)
def test_what_cannot_be_executed_is_one_sentence(
    tmp_path: Path, contents: bytes | None, mode: int, code: int
) -> None:
    program = tmp_path / "program"
    if contents is not None:
        program.write_bytes(contents)
        program.chmod(mode)
    for command in ("program", str(program)):
        with pytest.raises(NotExecuted) as refused:
            become([command], {"PATH": str(tmp_path)})
        assert refused.value.code == code
    with pytest.raises(NotExecuted, match=r"is a directory|permission denied") as refused:
        become([str(tmp_path)], {"PATH": ""})
    assert refused.value.code == 126


def test_a_text_without_a_first_line_is_for_the_shell(tmp_path: Path) -> None:
    (tmp_path / "program").write_text("echo hello $1\n")
    (tmp_path / "program").chmod(0o755)
    variables = {"PATH": f"{tmp_path}:/bin"}
    code = f"from conda_store_labext.kernels.execution import *; become(['program', 'you'], {variables})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "hello you\n"
