"""Places of environments: the customary folders of each tool, and those that a setting names.

Source: microsoft/python-environment-tools' list of search paths, and each tool's documentation.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..store.files import read_small
from .prefixes import Kind

FOLDERS = "CONDA_STORE_LABEXT_ENVIRONMENTS"  # folders of environments, separated like PATH
MAX_FILE = 1024 * 1024  # bytes of a list or configuration of conda's
IN_HOME = ("envs", "Envs", ".direnv", ".venvs", ".virtualenvs")
CONDA_IN_HOME = (
    *("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba"),
    *(".local/share/mamba", "opt/miniconda3", "opt/anaconda3"),
)
CONDA_ELSEWHERE = ("/opt/conda", "/opt/miniconda3", "/opt/anaconda3", "/opt/miniforge3")
IN_PROJECT = (".venv", "venv", ".conda", ".virtualenv", "env")


@dataclass(frozen=True)
class Place:
    """A folder that is an environment, or in which some lie `depth` levels down."""

    folder: Path
    depth: int = 1
    kind: Kind | None = None


class Places:
    """The places of a user: `folders` are those that a setting names."""

    def __init__(
        self,
        folders: tuple[Path, ...] | None = None,
        home: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.environ = os.environ if environ is None else environ
        self.home = home or Path(self.environ.get("HOME") or Path.home())
        listed = self.environ.get(FOLDERS, "").split(os.pathsep)
        self.folders = tuple(self._path(path) for path in listed if path) if folders is None else folders
        self._read: dict[Path, tuple[int, tuple[Path, ...]]] = {}

    @property
    def virtualenvs(self) -> tuple[Place, ...]:
        """Folders of virtual environments that belong to a project elsewhere."""
        data = self._variable("XDG_DATA_HOME", self.home / ".local/share")
        cache = self._variable("XDG_CACHE_HOME", self.home / ".cache")
        poetry = cache / "pypoetry"
        if sys.platform == "darwin":
            poetry = self.home / "Library/Caches/pypoetry"
        poetry = self._variable("POETRY_CACHE_DIR", poetry)
        workon = self.environ.get("WORKON_HOME")
        return (
            Place(data / "virtualenvs", kind=Kind.PIPENV),
            *((Place(self._path(workon)),) if workon else ()),
            Place(self._variable("POETRY_VIRTUALENVS_PATH", poetry / "virtualenvs"), kind=Kind.POETRY),
            Place(self._variable("HATCH_DATA_DIR", data / "hatch") / "env/virtual", 3, Kind.HATCH),
        )

    def workon_home(self) -> Path:
        """Return the folder of virtualenvwrapper's environments."""
        return self._variable("WORKON_HOME", self.home / ".virtualenvs")

    def all(self) -> Iterator[Place]:
        """Yield every place, those that a setting names first."""
        yield from (Place(folder) for folder in self.folders)
        yield from self.virtualenvs
        yield from (Place(self.home / name) for name in IN_HOME)
        yield Place(self._variable("PYENV_ROOT", self.home / ".pyenv") / "versions")
        yield from self._conda()

    def _conda(self) -> Iterator[Place]:
        roots = [self.home / name for name in CONDA_IN_HOME]
        roots += [Path(path) for path in CONDA_ELSEWHERE]
        for name in ("MAMBA_ROOT_PREFIX", "CONDA_ROOT"):
            if self.environ.get(name):
                roots.append(self._path(self.environ[name]))
        program = self.environ.get("CONDA_EXE")
        if program:
            roots.append(self._path(program).parent.parent)
        if self.environ.get("CONDA_PREFIX"):
            yield Place(self._path(self.environ["CONDA_PREFIX"]), 0)
        for root in roots:
            yield Place(root, 0)
            yield Place(root / "envs")
        for name in ("CONDA_ENVS_PATH", "CONDA_ENVS_DIRS"):
            listed = self.environ.get(name, "").split(os.pathsep)
            yield from (Place(self._path(path)) for path in listed if path)
        yield Place(self.home / ".conda/envs")
        yield from (Place(path, 0) for path in self._remembered(self.home / ".conda/environments.txt"))
        for file in (self.home / ".condarc", self.home / ".mambarc"):
            yield from (Place(path) for path in self._remembered(file))

    def _remembered(self, file: Path) -> tuple[Path, ...]:
        """Return the folders that a file of conda's names, read again when it has changed."""
        try:
            changed = file.stat().st_mtime_ns
        except OSError:
            return ()
        if self._read.get(file, (None,))[0] != changed:
            try:
                text = read_small(file, MAX_FILE).decode("utf-8", "replace")
            except OSError:
                text = ""
            lines = _envs_dirs(text) if file.name.endswith("rc") else text.splitlines()
            paths = (self._path(line.strip()) for line in lines if line.strip() and "\0" not in line)
            self._read[file] = changed, tuple(path for path in paths if path.is_absolute())
        return self._read[file][1]

    def _variable(self, name: str, otherwise: Path) -> Path:
        value = self.environ.get(name)
        return self._path(value) if value else otherwise

    def _path(self, text: str) -> Path:
        if text == "~" or text.startswith("~/"):
            return self.home / text[2:]
        return Path(text)


def _envs_dirs(text: str) -> list[str]:
    try:
        settings = yaml.safe_load(text)
    except (ValueError, yaml.YAMLError, RecursionError):
        return []
    folders = settings.get("envs_dirs") if isinstance(settings, dict) else None
    return [folder for folder in folders if isinstance(folder, str)] if isinstance(folders, list) else []
