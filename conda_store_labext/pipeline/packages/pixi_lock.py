"""pixi.lock, rattler's format of lockfiles: named environments, each with its packages for every platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import UnsuitableLockfile
from .locked import LockedEnvironment, LockedPackage, locked_package

VERSIONS = range(4, 8)


def pixi_environment(content: Mapping[str, Any], name: str, platform: str) -> LockedEnvironment:
    """Return an environment's packages for a platform; UnsuitableLockfile where there are none to be had."""
    version = content.get("version")
    if isinstance(version, str) and version.isdigit():
        version = int(version)
    if version not in VERSIONS:
        raise UnsuitableLockfile(
            f"The pixi.lock is in format {version}, and this reads formats {VERSIONS[0]} to {VERSIONS[-1]}; "
            "lock again with a pixi that writes one of those."
        )
    environments = content["environments"]
    environment = environments.get(name)
    if not isinstance(environment, dict):
        raise UnsuitableLockfile(
            f"The pixi.lock has no environment {name}; choose one of {', '.join(map(str, environments))}."
        )
    listed = _listed(content, environment, platform)
    rows = {
        (kind, row[kind]): row
        for row in content.get("packages") or ()
        if isinstance(row, dict)
        for kind in ("conda", "pypi", "source")
        if isinstance(row.get(kind), str)
    }
    # formats before the sixth name the kind of a package beside its address
    rows |= {
        (str(row["kind"]), str(row.get("url") or row.get("path"))): row
        for row in content.get("packages") or ()
        if isinstance(row, dict) and "kind" in row
    }
    packages: list[LockedPackage] = []
    other: list[str] = []
    for kind, address in listed:
        row = rows.get((kind, address), {})
        if kind == "conda" and address.startswith(("http://", "https://")):
            packages.append(_package(address, row))
        else:
            other.append(str(row.get("name") or address))
    return LockedEnvironment(tuple(packages), tuple(other))


def _listed(
    content: Mapping[str, Any], environment: Mapping[str, Any], platform: str
) -> Iterator[tuple[str, str]]:
    """Yield kind and address of each package; since format 7 a platform may have a name of its own."""
    by_platform = environment.get("packages")
    by_platform = by_platform if isinstance(by_platform, dict) else {}
    named = [
        str(row.get("name"))
        for row in content.get("platforms") or ()
        if isinstance(row, dict) and row.get("subdir", row.get("name")) == platform
    ]
    chosen = [name for name in dict.fromkeys((platform, *named)) if name in by_platform]
    if not chosen:
        raise UnsuitableLockfile(
            f"The environment has no packages for {platform} in the pixi.lock, only for "
            f"{', '.join(map(str, by_platform)) or 'none'}; add the platform to the workspace and lock again."
        )
    if len(chosen) > 1:
        raise UnsuitableLockfile(
            f"The pixi.lock has several platforms of the kind {platform} ({', '.join(chosen)}), and which of "
            "them is meant cannot be told; lock for one of them."
        )
    for row in by_platform[chosen[0]] or ():
        if not isinstance(row, dict):
            raise UnsuitableLockfile("The pixi.lock lists a package without its kind; lock again.")
        kind = next((kind for kind in ("conda", "pypi", "source") if kind in row), "unknown")
        yield kind, str(row.get(kind))


def _package(address: str, row: Mapping[str, Any]) -> LockedPackage:
    depends = row.get("depends")
    return locked_package(
        address,
        row,
        size=row.get("size"),
        depends=depends if isinstance(depends, list) else (),
        site_packages=row.get("python_site_packages_path"),
    )
