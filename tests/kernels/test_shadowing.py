"""A file beside the notebook that keeps a kernel from starting is named; what is not in the way is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conda_store_labext.errors import Conflict
from conda_store_labext.kernels.shadowing import require_unshadowed

ENDING = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
BREAKS = "raise RuntimeError('this ran')\n"


@pytest.fixture(scope="module")
def old_kernel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of a kernel of an ipykernel that goes on looking into the notebook's folder."""
    folder = tmp_path_factory.mktemp("old") / "env"
    uv = [sys.executable, "-m", "uv", "--quiet", "--no-python-downloads"]
    subprocess.run([*uv, "venv", "--python", sys.executable, folder], check=True)
    packages = ["ipykernel==5.5.6", "ipython<8", "jupyter_client<7"]
    subprocess.run([*uv, "pip", "install", "--python", folder / "bin/python", *packages], check=True)
    return [str(folder / "bin/python"), *ENDING]


@pytest.mark.parametrize("name", ["code.py", "random.py", "email/__init__.py"])
def test_the_file_that_an_old_ipykernel_imports_is_named(
    old_kernel: list[str], tmp_path: Path, name: str
) -> None:
    require_unshadowed(old_kernel, tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(BREAKS)
    (tmp_path / "statistics_of_mine.py").write_text(BREAKS)
    with pytest.raises(Conflict, match=f": {name} there takes the place of a module"):
        require_unshadowed(old_kernel, tmp_path)


def test_a_command_that_activates_first_is_asked_itself(old_kernel: list[str], tmp_path: Path) -> None:
    (tmp_path / "select.py").write_text("raise ImportError('no module of yours')\n")
    wrapped = [sys.executable, "-I", "start.py", "{}", "{}", old_kernel[0], "-Xfrozen_modules=off", *ENDING]
    with pytest.raises(Conflict, match=r": select\.py there"):
        require_unshadowed(wrapped, tmp_path)


def test_what_a_newer_ipykernel_does_not_import_is_no_reason(tmp_path: Path) -> None:
    command = [sys.executable, *ENDING]
    (tmp_path / "random.py").write_text(BREAKS)
    (tmp_path / "code").mkdir()
    require_unshadowed(command, tmp_path)
    (tmp_path / "ipykernel_launcher.py").write_text(BREAKS)
    with pytest.raises(Conflict, match=r": ipykernel_launcher\.py there"):
        require_unshadowed(command, tmp_path)


def test_nothing_is_run_where_no_file_has_the_name_of_a_module(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(BREAKS)
    (tmp_path / "email").mkdir()
    require_unshadowed(["/no/such/python", *ENDING], tmp_path)
    (tmp_path / "random.py").write_text(BREAKS)
    require_unshadowed(["R", "--slave", "-e", "IRkernel::main()"], tmp_path)
    require_unshadowed(["/no/such/python", *ENDING], tmp_path)  # its start says why
