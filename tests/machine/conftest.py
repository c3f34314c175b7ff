"""Real environments of this machine: a venv with ipykernel, made once and linked where a test needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.places import Places

MakeVenv = Callable[..., Path]

UV: list[str | Path] = [sys.executable, "-m", "uv", "--no-python-downloads", "--quiet"]


@pytest.fixture(scope="session")
def venv_with_kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venv of uv's with ipykernel in it."""
    folder = tmp_path_factory.mktemp("venv") / ".venv"
    subprocess.run([*UV, "venv", "--python", sys.executable, folder], check=True)
    command = [*UV, "pip", "install", "--compile-bytecode", "--python", folder / "bin/python", "ipykernel"]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture
def linked_venv(venv_with_kernel: Path) -> MakeVenv:
    """Put the venv with a kernel at a path, its files linked; what a test changes it must write anew."""

    def run(path: Path) -> Path:
        shutil.copytree(venv_with_kernel, path, symlinks=True, copy_function=os.link)
        config = path / "pyvenv.cfg"
        text = config.read_text()
        config.unlink()
        config.write_text(text)
        return path

    return run


@pytest.fixture
def bare_venv() -> MakeVenv:
    """Make a venv of the standard library's layout with nothing in it, without starting anything."""

    def run(path: Path, text: str | None = None) -> Path:
        home = Path(sys._base_executable).parent  # type: ignore[attr-defined]
        (path / "bin").mkdir(parents=True)
        (path / "bin/python").symlink_to(sys._base_executable)  # type: ignore[attr-defined]
        (path / "lib/python3.11/site-packages").mkdir(parents=True)
        written = f"home = {home}\nversion = 3.11.7\n" if text is None else text
        (path / "pyvenv.cfg").write_text(written)
        return path

    return run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home folder without any environment, with Jupyter's folders in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in list(os.environ):
        if name.startswith(("CONDA_", "MAMBA_", "XDG_", "PYENV_", "WORKON", "VIRTUAL_ENV", "JUPYTER_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder / "jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    return folder


@pytest.fixture
def finder(home: Path) -> Finder:
    """The finder of that user's environments."""
    return Finder(Places(home=home, environ={}))
