"""The environments that belong to a folder: those in it, and those that its tools keep elsewhere for it."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..store.files import read_small
from ..store.layout import children
from .places import IN_PROJECT, Places
from .prefixes import Kind

MAX_DEPTH = 64  # folders upwards
MAX_NAME = 255  # bytes of a `.venv` that is a file with an environment's name
MOST = 100  # environments in one folder of them


@dataclass(frozen=True)
class Candidate:
    """A folder that may be an environment, the project it belongs to and what its place says it is."""

    path: Path
    project: Path | None
    kind: Kind | None = None


def upwards(folder: Path, home: Path) -> Iterator[Path]:
    """Yield a folder and those above it, the home folder the last one."""
    for depth, path in enumerate((folder, *folder.parents)):
        if depth >= MAX_DEPTH:
            return
        yield path
        if path == home:
            return


def inside(project: Path, places: Places) -> Iterator[Candidate]:
    """Yield what may be an environment in a project's folder, by the names that people use."""
    for name in IN_PROJECT:
        path = project / name
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError):
            continue
        if stat.S_ISREG(mode):
            named = _named(path)
            if named:
                yield Candidate(places.workon_home() / named, project)
        elif not stat.S_ISDIR(mode) or not _trusted(project, path):
            continue
        elif any((path / name).exists() for name in ("bin", "pyvenv.cfg", "conda-meta", "Scripts")):
            yield Candidate(path, project)
        else:
            yield from (Candidate(child, project) for child in sorted(children(path))[:MOST])
    pixi = project / ".pixi" / "envs"
    if _trusted(project, pixi):
        yield from (Candidate(child, project, Kind.PIXI) for child in sorted(children(pixi))[:MOST])


def elsewhere(project: Path, places: Places) -> Iterator[Candidate]:
    """Yield what poetry, pipenv and hatch keep for a project's folder in places of their own."""
    digest = hashlib.sha256(os.fsencode(os.path.realpath(project))).digest()
    mark = base64.urlsafe_b64encode(digest).decode()[:8]
    for place in places.virtualenvs:
        if place.kind is Kind.HATCH:
            for named in sorted(children(place.folder))[:MOST]:
                folders = sorted(children(named / mark))[:MOST]
                yield from (Candidate(child, project, Kind.HATCH) for child in folders)
            continue
        for child in sorted(children(place.folder))[:MOST]:
            of_poetry = place.kind is Kind.POETRY and f"-{mark}-py" in child.name
            if of_poetry or _noted(child) == project:
                yield Candidate(child, project, place.kind)


def _noted(path: Path) -> Path | None:
    """Return the project's folder that an environment notes in `.project`."""
    try:
        return Path(read_small(path / ".project", 4096).decode("utf-8").strip())
    except (OSError, ValueError):
        return None


def _named(file: Path) -> str | None:
    """Return the name that a `.venv` file holds, if it is one."""
    try:
        name = read_small(file, MAX_NAME).decode("utf-8").strip()
    except (OSError, ValueError):
        return None
    return name if name and "/" not in name and "\0" not in name and name not in (".", "..") else None


def _trusted(project: Path, path: Path) -> bool:
    """Tell whether what lies in a folder was put there by somebody who may: in /tmp only oneself and root."""
    try:
        if not project.stat().st_mode & stat.S_IWOTH:
            return True
        return path.stat().st_uid in (os.getuid(), 0)
    except OSError:
        return False
