"""Packages that users added to builds: found by reading alone, installed, kept and discarded."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ..errors import HidesPackages, InvalidRequest, NotFound
from ..errors.os_errors import os_errors_explained
from ..machine.distributions import MAX_RECORD, distributions, requested
from ..machine.installers import planned
from ..machine.programs import run
from ..models import Addition, AdditionList
from ..models.build_ref import BuildRef
from ..models.providers import Check, Report
from ..store.files import read_small
from ..store.layout import children
from ..store.overlay import R_LIBRARY, Overlay, constraints, libraries
from ..store.overlays import Overlays
from ..store.records import StoredCopy, iso
from ..store.store import EnvironmentStore

_R_HEADER = re.compile(r"(Package|Version):[ \t]*(.*)")

Seen = tuple[tuple[int, int], ...]  # the folders that were read: which they are, when they were changed


class Additions:
    """The additions of a user to the copies of a store; an overlay is read again only when it was changed."""

    def __init__(self, store: EnvironmentStore, overlays: Overlays | None = None) -> None:
        self._store = store
        self.overlays = overlays or Overlays()
        self._known: dict[str, tuple[Seen, tuple[Addition, ...]]] = {}

    def list(self) -> tuple[AdditionList, ...]:
        """Return what was added to each build, those left out that nothing was added to."""
        listings = (self._listing(overlay) for overlay in self.overlays.list())
        return tuple(listing for listing in listings if listing.additions or listing.kept_for)

    def get(self, key: str) -> AdditionList:
        """Return what was added to the build of this key, perhaps nothing; NotFound where it is not here."""
        try:
            return self._listing(self.overlays.get(key))
        except NotFound:
            return self.of(self._stored(key))

    def of(self, build: BuildRef) -> AdditionList:
        """Return what was added to a build, perhaps nothing."""
        return self._listing(self.overlays.of(build))

    def install(
        self, key: str, packages: Sequence[str], report: Report, check: Check, *, hide: bool = False
    ) -> None:
        """Install requirements into the overlay of a copy, which stays as it is.

        What the copy has and satisfies is left out. Raises HidesPackages where another version of something
        that the copy has would be brought, unless told to `hide` it, NotFound, InvalidRequest, InstallFailed
        and what `check` raises.
        """
        copy = self._stored(key)
        for text in packages:
            try:
                Requirement(text)
            except InvalidRequirement:
                raise InvalidRequest(f"{text!r} is not a package; write it like seaborn>=0.13.") from None
        overlay = self.overlays.of(copy)
        with os_errors_explained(self.overlays.root):
            lock = overlay.hold(copy.prefix)
        try:
            environ = {"VIRTUAL_ENV": str(overlay.folder), "PIP_USER": "0", "PYTHONNOUSERSITE": "1"}
            environ |= constraints(overlay.folder)
            command = [str(overlay.bin / "python"), "-m", "pip", "install"]
            if not hide:
                dry = [*command, "--dry-run", *packages]
                lines = run(dry, overlay.folder, lambda _: None, check, environ.items())
                _require_no_hiding(planned(lines), _versions(copy.prefix), packages)
            run([*command, *packages], overlay.folder, report, check, environ.items())
        finally:
            if lock:
                lock.release()

    def versions(self, key: str) -> dict[str, str]:
        """Return the versions of the Python packages that a kernel of a copy has, by name; runs nothing."""
        copy = self._stored(key)
        added = self._additions(self.overlays.of(copy).folder)
        return _versions(copy.prefix) | {
            canonicalize_name(addition.name): addition.version
            for addition in added
            if addition.manager == "pip"
        }

    def keep(self, key: str, project: Path | None) -> AdditionList:
        """Keep what was added to a build for a project, or for none any more."""
        self.overlays.keep(self.overlays.get(key), None if project is None else str(project))
        return self.get(key)

    def discard(self, key: str) -> None:
        """Forget what was added to a build; kernels that run keep what they have imported."""
        self.overlays.discard(self.overlays.get(key))

    def _stored(self, key: str) -> StoredCopy:
        stored = self._store.get(key)
        if stored is None:
            raise NotFound("This local copy no longer exists; launch its environment again.")
        return stored

    def _listing(self, overlay: Overlay) -> AdditionList:
        build = BuildRef(**overlay.build)  # type: ignore[arg-type]
        return AdditionList(
            **asdict(build),
            key=build.copy_key,
            prefix=str(overlay.folder),
            kept_for=self.overlays.kept_for(overlay),
            additions=self._additions(overlay.folder),
        )

    def _additions(self, folder: Path) -> tuple[Addition, ...]:
        sites = [*folder.glob("lib/python3*/site-packages"), folder / R_LIBRARY]
        seen = tuple(map(_seen, sites))
        cached = self._known.get(folder.name)
        if cached is None or cached[0] != seen:
            python = (addition for site in sites[:-1] for addition in _python_additions(site, _own(folder)))
            additions = [*python, *_r_additions(sites[-1])]
            cached = self._known[folder.name] = (
                seen,
                tuple(sorted(additions, key=lambda addition: addition.name.lower())),
            )
        return cached[1]


def _require_no_hiding(
    plan: Sequence[tuple[str, str, str]], own: dict[str, str], packages: Sequence[str]
) -> None:
    """Raise HidesPackages where a plan brings another version of what an environment has itself."""
    brought = {canonicalize_name(name): version for sign, name, version in plan if sign == "+"}
    hidden = [
        f"{name} {own[name]} of the environment by {version}"
        for name, version in sorted(brought.items())
        if own.get(name, version) != version
    ]
    if hidden:
        raise HidesPackages(
            f"Adding {', '.join(packages)} would hide {', '.join(hidden)}, for you alone, on which other "
            "packages there may rely; agree to that, or ask for another version."
        )


def _own(folder: Path) -> dict[str, str]:
    """Return the versions of the packages that the copy below an overlay has itself, by name."""
    with suppress(OSError):
        return _versions((folder / "bin/python").readlink().parent.parent)
    return {}


def _versions(prefix: Path) -> dict[str, str]:
    """Return the versions of the Python packages in an environment, by name."""
    versions: dict[str, str] = {}
    for library in libraries(prefix):
        for entry in children(library / "site-packages"):
            name, _, version = entry.name.removesuffix(".dist-info").partition("-")
            if entry.name.endswith(".dist-info") and version:
                versions[canonicalize_name(name)] = version
    return versions


def _python_additions(site: Path, own: dict[str, str]) -> Iterator[Addition]:
    packages = tuple(distributions(site))
    asked = requested(packages)
    for package in packages:
        if own.get(package.key) == package.version:  # uv brings again what is there
            continue
        yield Addition(
            package.name,
            package.version,
            iso(_changed(package.folder / "METADATA") / 1e9),
            requested=package.key in asked,
            manager="pip",
            source=package.source,
            hides=own.get(package.key, ""),
            modules=package.modules,
        )


def _r_additions(library: Path) -> Iterator[Addition]:
    for folder in children(library):
        try:
            text = read_small(folder / "DESCRIPTION", MAX_RECORD).decode("utf-8", "replace")
        except OSError:
            continue
        headers = {
            match[1]: match[2].strip() for line in text.splitlines() if (match := _R_HEADER.match(line))
        }
        if headers.get("Package") and headers.get("Version"):
            since = iso(_changed(folder / "DESCRIPTION") / 1e9)
            yield Addition(headers["Package"], headers["Version"], since, requested=True, manager="r")


def _seen(folder: Path) -> tuple[int, int]:
    try:
        state = folder.stat()
    except OSError:
        return 0, -1
    # another folder in its place may have been made within a tick of the clock
    return state.st_ino, state.st_mtime_ns


def _changed(path: Path) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116  as in `machine/prefixes.py`
    except OSError:
        return -1
