"""A folder as an environment: its kind, its Python, its kernels and what is wrong with it.

Everything is read from names and small files; nothing that lies in the folder is run.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from ..models import ErrorInfo
from ..pipeline.prefix import KERNELS, FoundKernel, kernels
from ..store.files import read_small
from .pyvenv import FILE, Pyvenv, read_pyvenv

CONDA_PYTHON = re.compile(r"python-(\d+\.\d+(?:\.\d+)?)[^-]*-[^-]+\.json")
LIBRARY = re.compile(r"python(3\.\d+)t?")
PYTHON = Path("bin", "python")
IPYKERNEL = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
MAX_PATH = 4096  # bytes of a file that holds one path


class Kind(str, Enum):
    """The tool that made an environment, as far as that can be told."""

    VENV = "venv"
    VIRTUALENV = "virtualenv"
    UV = "uv"
    POETRY = "poetry"
    PIPENV = "pipenv"
    HATCH = "hatch"
    CONDA = "conda"
    PIXI = "pixi"

    @property
    def of_conda(self) -> bool:
        """Tell whether conda's packages and activation are in it."""
        return self in (Kind.CONDA, Kind.PIXI)

    @property
    def is_kept(self) -> bool:
        """Tell whether its tool keeps it in a place of its own, by a record of its own."""
        return self.of_conda or self in (Kind.POETRY, Kind.PIPENV, Kind.HATCH)


@dataclass(frozen=True)
class Prefix:
    """An environment's folder as it is now; `seen` is what it looked like, for `unchanged`.

    `python` is the version, empty where there is none. `project` is the folder that it says it belongs to.
    """

    path: Path
    kind: Kind
    python: str
    problem: ErrorInfo | None
    project: Path | None
    seen: tuple[tuple[str, int], ...]

    def unchanged(self, looked: dict[str, int]) -> bool:
        """Tell whether what was looked at is the same now; `looked` has what many share, as it is now."""
        for path, when in self.seen:
            if path not in looked:
                looked[path] = changed_at(path)
            if looked[path] != when:
                return False
        return True


def inspect(path: Path, kind: Kind | None = None) -> Prefix | None:
    """Return what is in a folder, None when that is no environment; `kind` is what its place says it is."""
    pyvenv = read_pyvenv(path)
    of_conda = (path / "conda-meta").is_dir()
    if not of_conda and pyvenv is None and not _is_old_virtualenv(path):
        return None
    python = _conda_python(path) if of_conda else _python(path, pyvenv)
    library = _library(path)
    home = Path(pyvenv.home) if pyvenv and pyvenv.home else None
    # a change of these tells of packages that came or went, and of a Python that is gone
    telling = [path / PYTHON, *filter(None, (path / "conda-meta" if of_conda else None, library, home))]
    looked_at = dict.fromkeys((*telling, path, path / FILE, path / "conda-meta", _nearest(path, KERNELS)))
    seen = {place: (str(place), changed_at(str(place))) for place in looked_at}
    prefix = Prefix(path, _kind(path, pyvenv, of_conda, kind), python, None, _project(path), ())
    problem = _problem(prefix, home, pyvenv)
    if not problem and not (pyvenv and pyvenv.system_packages):
        seen = {place: seen[place] for place in telling}
    return replace(prefix, problem=problem, seen=tuple(seen.values()))


def launchers(path: Path) -> list[FoundKernel]:
    """Return the kernels of an environment, Python ones first; ipykernel alone is one, too."""
    kernelspecs = kernels(path)
    if not any(str(kernel.spec.get("language", "")).lower() == "python" for kernel in kernelspecs):
        library = _library(path)
        pyvenv = read_pyvenv(path)
        folders = [library] if library else []
        if library and pyvenv and pyvenv.system_packages and pyvenv.home:
            folders.append(Path(pyvenv.home).parent / library.relative_to(path))
        if any((folder / "ipykernel_launcher.py").is_file() for folder in folders):
            spec = {
                "argv": ["python", *IPYKERNEL],
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "metadata": {"debugger": True},
            }
            kernelspecs.append(FoundKernel("python3", spec, path / KERNELS / "python3"))
    return sorted(
        kernelspecs,
        key=lambda kernel: (str(kernel.spec.get("language", "")).lower() != "python", kernel.name),
    )


def site_packages(path: Path) -> Path | None:
    """Return the folder of an environment's Python packages; None where it has no Python."""
    return _library(path)


def changed_at(path: str) -> int:
    """Return when a file or folder was changed, in nanoseconds; -1 where there is none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116  four times as fast, of some thousand calls
    except (OSError, ValueError):
        return -1


def _nearest(path: Path, wanted: Path) -> Path:
    """Return the folder whose change tells that `wanted` below `path` is there now."""
    folder = path
    for part in wanted.parts:
        if not (folder / part).is_dir():
            break
        folder /= part
    return folder


def _is_old_virtualenv(path: Path) -> bool:
    return (path / "bin" / "activate").is_file() and os.path.lexists(path / PYTHON)


def _kind(path: Path, pyvenv: Pyvenv | None, of_conda: bool, kind: Kind | None) -> Kind:
    if of_conda:
        in_pixi = path.parent.name == "envs" and path.parent.parent.name == ".pixi"
        return Kind.PIXI if in_pixi or (path / "conda-meta" / "pixi").is_file() else Kind.CONDA
    if kind:
        return kind
    return Kind(pyvenv.tool) if pyvenv else Kind.VIRTUALENV


def _conda_python(path: Path) -> str:
    try:
        names = os.listdir(path / "conda-meta")  # noqa: PTH208  names are all that is asked for
    except OSError:
        return ""
    matches = (CONDA_PYTHON.fullmatch(name) for name in names if name.startswith("python-"))
    return next((match[1] for match in matches if match), "")


def _python(path: Path, pyvenv: Pyvenv | None) -> str:
    if pyvenv and pyvenv.version:
        return pyvenv.version
    library = _library(path)
    match = LIBRARY.fullmatch(library.parent.name) if library else None
    return match[1] if match else ""


def _library(path: Path) -> Path | None:
    try:
        names = sorted(os.listdir(path / "lib"))  # noqa: PTH208
    except OSError:
        return None
    for name in names:
        folder = path / "lib" / name / "site-packages"
        if LIBRARY.fullmatch(name) and folder.is_dir():
            return folder
    return None


def _project(path: Path) -> Path | None:
    """Return the folder that pipenv or virtualenvwrapper noted in `.project`."""
    try:
        text = read_small(path / ".project", MAX_PATH).decode("utf-8").strip()
        project = Path(text)
        return project if project.is_absolute() and project.is_dir() else None
    except (OSError, ValueError):
        return None


def _problem(prefix: Prefix, home: Path | None, pyvenv: Pyvenv | None) -> ErrorInfo | None:
    """Return what keeps an environment from being launched."""
    path, version = prefix.path, f" {prefix.python}" if prefix.python else ""
    if not (path / "bin").is_dir() and (path / "Scripts").is_dir():
        return ErrorInfo("other_system", "It was made on Windows and cannot run here; recreate it.")
    program = path / PYTHON
    if prefix.kind.of_conda and not prefix.python:
        if kernels(path):
            return None
        return ErrorInfo("no_python", "It has no Python and no kernel; add python and ipykernel to it.")
    try:
        whole = program.is_file() and os.access(program, os.X_OK)
        if whole and pyvenv and home:
            whole = home.is_dir()
    except (OSError, ValueError):  # a link that leads to itself
        whole = False
    if not whole:
        return ErrorInfo("python_gone", f"Its Python{version} is gone; recreate it from its packages.")
    if not launchers(path):
        return ErrorInfo("no_kernel", "It has no kernel; add ipykernel to it.")
    return None
