"""Finds the environments of this machine by looking into named folders; nothing is started, nothing walked.

What was seen stays in memory until a folder or file that it depends on changes, so that a second look costs
some `stat` calls for each environment.
"""

from __future__ import annotations

import os
import shlex
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import NoKernel, NotFound
from .naming import display_name_of, key_of, name_of, printable, shown_path
from .places import IN_PROJECT, Place, Places
from .prefixes import Kind, Prefix, changed_at, inspect
from .projects import Candidate, elsewhere, inside, upwards

LIMIT = 5.0  # seconds for a look at all places, or to wait for somebody else's
MOST = 1000  # entries of a folder of environments
STAGED = ".making-"  # in the name of a folder in which one is made
# What a folder says of the packages of its environment, the most exact first.
PROJECT_FILES = ("uv.lock", "pylock.toml", "requirements.txt", "pyproject.toml")


@dataclass(frozen=True)
class MachineEnvironment:
    """An environment that was found, under the path that people know it by."""

    prefix: Prefix
    project: Path | None
    key: str
    name: str
    display_name: str
    real: str

    @property
    def path(self) -> Path:
        """The environment's folder."""
        return self.prefix.path


class Finder:
    """Looks for environments in `places`; safe to use from any number of threads, who share one look."""

    def __init__(self, places: Places | None = None) -> None:
        self.places = places or Places()
        self._known: dict[Candidate, MachineEnvironment] = {}
        self._folders: dict[tuple[Path, Kind | None], tuple[int, tuple[Candidate, ...]]] = {}
        self._elsewhere: tuple[MachineEnvironment, ...] = ()
        self._cut: str | None = None
        self._alone = threading.Lock()

    def environments(
        self, folder: Path | None = None, also: Iterable[Path] = ()
    ) -> tuple[tuple[MachineEnvironment, ...], str | None]:
        """Return the environments, those of `folder` and of the folders above it first, then those of `also`.

        The second value says what was left out because it took too long.
        """
        own = list(self._made(self._of_projects(folder))) if folder else []
        own += self._made(Candidate(path, _project_of(path)) for path in also)
        if self._alone.acquire(timeout=LIMIT):
            try:
                self._elsewhere = tuple(self._made(self._in_places()))
            finally:
                self._alone.release()
        else:
            self._cut = "The folders of environments do not answer; what was seen last is shown."
        seen: dict[str, MachineEnvironment] = {}
        for environment in (*own, *self._elsewhere):
            seen.setdefault(environment.real, environment)
        return self._told_apart(seen.values()), self._cut

    def get(self, key: str, also: Iterable[Path] = ()) -> MachineEnvironment:
        """Return the environment with this key that was seen before; NotFound when it has gone."""
        seen = [candidate for candidate, cached in tuple(self._known.items()) if cached.key == key]
        for environment in (*self._made(seen), *self.environments(None, also)[0]):
            if environment.key == key:
                return environment
        raise NotFound("This environment is not here any more; refresh the list.")

    def at(self, path: Path, project: Path | None = None) -> MachineEnvironment:
        """Return the environment in that very folder; NotFound when there is none."""
        for environment in self._made([Candidate(path, project or _project_of(path))]):
            return environment
        raise NotFound(f"{path} is not an environment; `jupyter conda-store list --machine` lists them.")

    def nearest(self, folder: Path) -> MachineEnvironment:
        """Return the environment of a folder or of the nearest above; NotFound where there is none."""
        for project in upwards(folder, self.places.home):
            for environment in self._made((*inside(project, self.places), *elsewhere(project, self.places))):
                return environment
        raise NotFound(self._nothing(folder))

    def of_folder(self, folder: Path, prefer: str = "") -> MachineEnvironment:
        """Return the environment that a kernel in `folder` starts from: that of the nearest folder upwards.

        `prefer` is the name of a pixi environment. Raises NotFound where there is none and NoKernel where
        none of the nearest can start a kernel, both with what to do.
        """
        for project in upwards(folder, self.places.home):
            environments = list(self._made((*inside(project, self.places), *elsewhere(project, self.places))))
            if environments:
                return self._chosen(environments, project, prefer)
        raise NotFound(self._nothing(folder))

    def _chosen(
        self, environments: list[MachineEnvironment], project: Path, prefer: str
    ) -> MachineEnvironment:
        for environment in environments:
            if prefer and environment.path.name == prefer and environment.prefix.problem is None:
                return environment
        fit = [row for row in environments if row.prefix.problem is None]
        pixi = [row for row in fit if row.prefix.kind is Kind.PIXI]
        others = [row for row in fit if row not in pixi]
        default = [row for row in pixi if row.path.name == "default"]
        for some in (others, default, pixi if len(pixi) == 1 else ()):
            if some:
                return some[0]
        if pixi:
            names = ", ".join(row.path.name for row in pixi)
            raise NoKernel(
                f"The environment `default` of {shown_path(project, self.places.home)} has no kernel, but "
                f"{names} have; add ipykernel to `default`, or choose the kernel of one of these."
            )
        first = environments[0]
        problem = first.prefix.problem
        shown = shown_path(first.path, self.places.home)
        raise NoKernel(f"{shown} cannot start a kernel. {problem.message if problem else ''}")

    def _nothing(self, folder: Path) -> str:
        shown = shown_path(folder, self.places.home)
        file = next((name for name in PROJECT_FILES if (folder / name).is_file()), None)
        place = shlex.quote(printable(str(folder)))
        source = f" -r {shlex.quote(printable(str(folder / file)))}" if file else ""
        return (
            f"There is no environment in {shown} or above it; make one with "
            f"`jupyter conda-store venv create {place}{source}`, then start the kernel again."
        )

    def _of_projects(self, folder: Path) -> Iterator[Candidate]:
        for project in upwards(folder, self.places.home):
            yield from inside(project, self.places)
            yield from elsewhere(project, self.places)

    def _in_places(self) -> Iterator[Candidate]:
        self._cut = None
        deadline = time.monotonic() + LIMIT
        for place in self.places.all():
            if time.monotonic() > deadline:
                self._cut = f"Looking took too long; {place.folder} and what comes after it is left out."
                return
            yield from self._in_place(place)

    def _in_place(self, place: Place) -> Iterator[Candidate]:
        if changed_at(str(place.folder)) < 0:
            return
        candidates = [Candidate(place.folder, None, place.kind)]
        yield from candidates
        for _ in range(place.depth):
            candidates = [below for above in candidates for below in self._children(above.path, place.kind)]
        if place.depth:
            yield from candidates

    def _children(self, folder: Path, kind: Kind | None) -> tuple[Candidate, ...]:
        """Return the folders in a folder, looked for again when it has changed."""
        try:
            changed = folder.stat().st_mtime_ns
            if self._folders.get((folder, kind), (None,))[0] != changed:
                with os.scandir(folder) as entries:
                    names = [
                        entry.name
                        for entry, _ in zip(entries, range(MOST), strict=False)
                        if _is_folder(entry)
                    ]
                listed = (Candidate(folder / name, None, kind) for name in sorted(names))
                self._folders[folder, kind] = changed, tuple(listed)
            return self._folders[folder, kind][1]
        except (OSError, ValueError):
            return ()

    def _made(self, candidates: Iterable[Candidate]) -> Iterator[MachineEnvironment]:
        looked: dict[str, int] = {}
        for candidate in candidates:
            cached = self._known.get(candidate)
            if cached and cached.prefix.unchanged(looked):
                yield cached
                continue
            try:
                made = None if STAGED in candidate.path.name else _made(candidate)
            except (OSError, ValueError):  # each record fails alone
                made = None
            if made:
                self._known[candidate] = made
                yield made
            else:
                self._known.pop(candidate, None)

    def _told_apart(self, environments: Iterable[MachineEnvironment]) -> tuple[MachineEnvironment, ...]:
        rows = list(environments)
        counted = Counter(row.display_name for row in rows)
        return tuple(
            replace(row, display_name=f"{row.display_name} in {shown_path(row.path, self.places.home)}")
            if counted[row.display_name] > 1
            else row
            for row in rows
        )


def _project_of(path: Path) -> Path | None:
    """Return the folder whose own environment this is, by its name."""
    if path.parent.name == "envs" and path.parent.parent.name == ".pixi":
        return path.parent.parent.parent
    return path.parent if path.name in IN_PROJECT else None


def _made(candidate: Candidate) -> MachineEnvironment | None:
    prefix = inspect(candidate.path, candidate.kind)
    if prefix is None:
        return None
    project = candidate.project or prefix.project
    return MachineEnvironment(
        prefix,
        project,
        key_of(prefix.path),
        name_of(prefix, project),
        display_name_of(prefix, project),
        os.path.realpath(prefix.path),
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
