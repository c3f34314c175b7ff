"""Packages: those of a build, page by page and all of them, and those that the channels have."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any
from urllib.parse import unquote, urlsplit

from ..errors import NotFound
from ..models import Changes, Package, PackageManager, PackageNames, PackagePage, PackageVersions
from ..specifications.changes import compare
from ..specifications.versions import version_order
from .api import PAGE_SIZE, Api
from .buildfiles import BuildFiles

KEPT = 16  # lockfiles of builds, read and reduced
MOST_VERSIONS = 1000

Locked = dict[tuple[str, str], Package]


class Packages:
    """Asks for packages."""

    def __init__(self, api: Api, files: BuildFiles) -> None:
        self._api = api
        self._files = files
        self._locked: OrderedDict[int, Locked] = OrderedDict()
        self._lock = threading.Lock()

    def of_build(self, build_id: int, search: str, page: int, size: int) -> PackagePage:
        """Return a page of a build's packages whose names contain the search: conda's, then pip's."""
        path, what = f"build/{build_id}/packages/", f"build {build_id}"
        envelope = self._api.get(path, what, search=search, page=page, size=size)
        locked = self._lockfile(build_id)
        pip = [package for package in _pip(locked) if search.lower() in package.name.lower()]
        packages = [self._package(row, locked) for row in envelope["data"]]
        start = max((page - 1) * size - envelope["count"], 0)
        packages += pip[start : start + size - len(packages)] if page * size > envelope["count"] else []
        return PackagePage(tuple(packages), page, size, envelope["count"] + len(pip))

    def all_of_build(self, build_id: int) -> list[Package]:
        """Return all packages of a build."""
        locked = self._lockfile(build_id)
        rows = self._api.all(f"build/{build_id}/packages/")
        return [*(self._package(row, locked) for row in rows), *_pip(locked)]

    def pairs(self, build_id: int) -> frozenset[tuple[str, str]]:
        """Return name and version of every conda package of a build."""
        rows = self._api.all(f"build/{build_id}/packages/")
        return frozenset((row["name"], row["version"]) for row in rows)

    def changes(self, build_id: int, since: int, texts: tuple[str, str]) -> Changes:
        """Return what changed between two builds; `texts` are their specifications, the old one first."""
        old, new = self.all_of_build(since), self.all_of_build(build_id)
        return compare(old, new, texts, since, build_id)

    def identities(self, build_id: int) -> dict[int, Package]:
        """Return the conda packages of a build by the server's own ids."""
        locked = self._lockfile(build_id)
        rows = self._api.all(f"build/{build_id}/packages/")
        return {row["id"]: self._package(row, locked) for row in rows}

    def named(self, name: str) -> dict[int, Package]:
        """Return the versions of one package that the server knows by the server's own ids."""
        versions: dict[int, Package] = {}
        for row in self._api.all("package/", search=name, exact=name, sort_by="version", order="desc"):
            if row["name"] == name:
                versions[row["id"]] = self._package(row, {})
            if len(versions) >= MOST_VERSIONS:
                break
        return versions

    def known(self, page: int) -> tuple[dict[int, Package], bool]:
        """Return a page of all packages that the server knows by its own ids, and whether there are more."""
        envelope = self._api.get("package/", page=page, size=PAGE_SIZE)
        packages = {row["id"]: self._package(row, {}) for row in envelope["data"]}
        return packages, page * PAGE_SIZE < envelope["count"]

    def names(self, search: str, page: int, size: int) -> PackageNames:
        """Return a page of the names in the server's index that contain the search, one of that name first.

        `count` is the server's own, which without Postgres counts every version.
        """
        envelope = self._api.get(
            "package/", search=search, page=page, size=size, distinct_on="name", sort_by="name"
        )
        names = [row["name"] for row in envelope["data"]]
        if search and page == 1 and search not in names and self.named(search):
            names.insert(0, search)
        names.sort(key=lambda name: (name != search, not name.startswith(search)))
        return PackageNames(tuple(dict.fromkeys(names)), page, size, envelope["count"])

    def versions(self, name: str) -> PackageVersions:
        """Return the versions of a package in the server's index, newest first; NotFound without any."""
        versions = {package.version for package in self.named(name).values()}
        if not versions:
            raise NotFound(
                f"conda-store's index has no package {name}; check the name, or build it if its channel "
                "is not indexed."
            )
        return PackageVersions(tuple(sorted(versions, key=version_order, reverse=True)))

    def _package(self, row: dict[str, Any], locked: Locked) -> Package:
        locked_package = locked.get((row["name"], row["version"]))
        return Package(
            name=row["name"],
            version=row["version"],
            build=locked_package.build if locked_package else "",
            channel=_channel((row.get("channel") or {}).get("name") or ""),
            summary=row.get("summary") or "",
            size=None,
            manager=PackageManager.CONDA,
        )

    def _lockfile(self, build_id: int) -> Locked:
        """Return what a build's lockfile says by name and version, nothing before there is one."""
        with self._lock:
            if build_id in self._locked:
                self._locked.move_to_end(build_id)
                return self._locked[build_id]
        try:
            locked = _read(self._files.lockfile(build_id))
        except NotFound:
            return {}
        if locked:
            with self._lock:
                self._locked[build_id] = locked
                while len(self._locked) > KEPT:
                    self._locked.popitem(last=False)
        return locked

    def forget(self) -> None:
        """Read lockfiles anew: some servers use a deleted build's id again."""
        with self._lock:
            self._locked.clear()


def _read(lockfile: dict[str, Any]) -> Locked:
    """Return a conda-lock file's packages by name and version."""
    packages: Locked = {}
    listed = lockfile.get("package")
    for row in listed if isinstance(listed, list) else []:
        if not isinstance(row, dict) or not isinstance(row.get("name"), str):
            continue
        name, version = row["name"], str(row.get("version") or "")
        pip = row.get("manager") == "pip"
        url = str(row.get("url") or "")
        packages[name, version] = Package(
            name=name,
            version=version,
            build="" if pip else _build_string(url, name, version),
            channel="" if pip else _channel(url.rpartition("/")[0].rpartition("/")[0]),
            summary="",
            size=None,
            manager=PackageManager.PIP if pip else PackageManager.CONDA,
        )
    return packages


def _pip(locked: Locked) -> list[Package]:
    """Return the packages of pip's, by name."""
    return [locked[key] for key in sorted(locked) if locked[key].manager is PackageManager.PIP]


def _build_string(url: str, name: str, version: str) -> str:
    """Return the build string in a package's file name, `name-version-build.conda`."""
    file = unquote(urlsplit(url).path.rpartition("/")[2])
    start = f"{name}-{version}-"
    for ending in (".conda", ".tar.bz2"):
        if file.startswith(start) and file.endswith(ending):
            return file[len(start) : -len(ending)]
    return ""


def _channel(url: str) -> str:
    """Return a channel's name without its host and folder, a label kept: `conda-forge/label/dev`."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if "label" in parts[1:]:
        return "/".join(parts[parts.index("label", 1) - 1 :])
    return parts[-1] if parts else ""
