"""Lockfiles of every kind, read as the packages of one environment for one platform.

Known by what stands in them, not by their names: conda-lock's (version 1; as YAML, or as the JSON of
conda-store's own artifacts), pixi's (versions 4 to 7), and lists of package files (`@EXPLICIT`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import InvalidRequest, UnsuitableLockfile
from ...models.platform import NOARCH, this_platform
from ...specifications.text import parse_yaml
from .locked import LockedEnvironment, LockedPackage, in_order, locked_package
from .pixi_lock import pixi_environment

MAX_LENGTH = 40_000_000  # characters; those of large workspaces have some millions
DEFAULT = "default"


def read_lockfile(
    text: str, environment: str | None = None, platform: str | None = None
) -> LockedEnvironment:
    """Return what a lockfile has for a platform, by default this machine's.

    `environment` names one of a pixi.lock, by default `default`. Raises UnsuitableLockfile.
    """
    lines = text.splitlines()
    if any(line.strip() == "@EXPLICIT" for line in lines):
        if environment is not None:
            raise _unnamed()
        locked = LockedEnvironment(tuple(_explicit(lines)))
        # a list is in the order in which conda links it
        in_order(locked.packages)
        return _usable(locked, platform or this_platform())
    try:
        content = parse_yaml(text, "lockfile", MAX_LENGTH)
    except InvalidRequest as error:
        raise UnsuitableLockfile(str(error)) from None
    return locked_environment(content, environment, platform)


def locked_environment(
    content: Mapping[str, Any], environment: str | None = None, platform: str | None = None
) -> LockedEnvironment:
    """Return what `read_lockfile` does, of a lockfile that was parsed already."""
    platform = platform or this_platform()
    if isinstance(content.get("environments"), dict):
        locked = pixi_environment(content, environment or DEFAULT, platform)
    elif environment is not None:
        raise _unnamed()
    elif isinstance(content.get("package"), list):
        locked = conda_lock_environment(content, platform)
    else:
        raise UnsuitableLockfile(
            "The file is not a lockfile; give a conda-lock.yml, a pixi.lock or a list made by "
            "`conda list --explicit --md5`."
        )
    return _usable(LockedEnvironment(in_order(locked.packages), locked.pip), platform)


def _usable(locked: LockedEnvironment, platform: str) -> LockedEnvironment:
    if not locked.packages:
        raise UnsuitableLockfile(
            "The lockfile lists no conda packages, so there is nothing to fetch; lock again."
        )
    for package in locked.packages:
        if package.subdir not in (platform, NOARCH):
            raise UnsuitableLockfile(
                f"The lockfile has {package.file} for {package.subdir}, but this machine is {platform}; "
                "lock for it as well."
            )
    return locked


def _unnamed() -> UnsuitableLockfile:
    return UnsuitableLockfile(
        "Only a pixi.lock has environments with names; leave the environment's name out."
    )


def conda_lock_environment(content: Mapping[str, Any], platform: str) -> LockedEnvironment:
    """Return what conda-lock's format has for a platform, its main category without what is optional."""
    version = content.get("version", 1)
    if version != 1:
        raise UnsuitableLockfile(
            f"The lockfile is in format {version} of conda-lock, and this reads format 1; lock again with a "
            "conda-lock that writes it."
        )
    rows = [row for row in content["package"] if isinstance(row, dict)]
    platforms = {str(row.get("platform")) for row in rows}
    if platform not in platforms:
        raise _other_platform(platform, platforms)
    packages: list[LockedPackage] = []
    pip: list[str] = []
    for row in rows:
        if row.get("platform") != platform or not _wanted(row):
            continue
        if row.get("manager") != "conda":
            pip.append(str(row.get("name")))
            continue
        depends = row.get("dependencies")
        hashes = row.get("hash")
        packages.append(
            locked_package(
                row.get("url"),
                hashes if isinstance(hashes, dict) else {},
                depends=[f"{name} {spec}" for name, spec in depends.items()]
                if isinstance(depends, dict)
                else (),
            )
        )
    return LockedEnvironment(tuple(packages), tuple(pip))


def _wanted(row: Mapping[str, Any]) -> bool:
    categories = row.get("categories")
    named = categories if isinstance(categories, list) else [row.get("category", "main")]
    return "main" in named and not row.get("optional", False)


def _explicit(lines: list[str]) -> Iterator[LockedPackage]:
    for line in map(str.strip, lines):
        if not line or line.startswith(("#", "@")):
            continue
        url, _, digest = line.partition("#")
        digest = digest.removeprefix("sha256:").removeprefix("md5:").strip().lower()
        yield locked_package(url.strip(), {"sha256" if len(digest) == 64 else "md5": digest})


def _other_platform(platform: str, platforms: set[str]) -> UnsuitableLockfile:
    return UnsuitableLockfile(
        f"The lockfile has no packages for {platform}, only for {', '.join(sorted(platforms)) or 'none'}; "
        f"lock for {platform} as well."
    )
