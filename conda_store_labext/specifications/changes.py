"""Comparison of two sets of packages and of two specifications."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ..models import Changes, Package, VersionChange
from .versions import compare_versions


def compare(
    old: Iterable[Package],
    new: Iterable[Package],
    specifications: tuple[str, str],
    since: int | None,
    build_id: int | None,
) -> Changes:
    """Return what changed; `specifications` are the old one's text and the new one's."""
    before = {(package.manager, package.name): package for package in old}
    after = {(package.manager, package.name): package for package in new}
    both = [(before[key], after[key]) for key in sorted(set(before) & set(after), key=_by_name)]
    turned: dict[int, list[VersionChange]] = {-1: [], 0: [], 1: []}
    for was, now in both:
        order = compare_versions(now.version, was.version)
        if order:
            turned[order].append(VersionChange(now.name, was.version, now.version))
        elif was.build and now.build and (was.build, was.channel) != (now.build, now.channel):
            turned[0].append(VersionChange(now.name, _origin(was, now), _origin(now, was)))
    return Changes(
        since=since,
        build_id=build_id,
        added=tuple(after[key] for key in sorted(set(after) - set(before), key=_by_name)),
        removed=tuple(before[key] for key in sorted(set(before) - set(after), key=_by_name)),
        upgraded=tuple(turned[1]),
        downgraded=tuple(turned[-1]),
        rebuilt=tuple(turned[0]),
        specification=difference(*specifications),
    )


def difference(old: str, new: str) -> str:
    """Return the unified diff of two specifications, without file names, empty when they are equal."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="")
    return "\n".join(list(lines)[2:])


def _by_name(key: tuple[str, str]) -> tuple[str, str]:
    return key[1], key[0]


def _origin(package: Package, other: Package) -> str:
    """Return a package's build, with the channel where that is not the other's."""
    return package.build if package.channel == other.channel else f"{package.channel}::{package.build}"
