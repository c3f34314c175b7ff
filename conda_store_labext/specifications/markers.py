"""Conditions of pip's requirements, such as `; python_version < "3.10"`.

conda-lock heeds what they say of the platform and takes no notice of the rest: with it, or with the line's
absence, everything else has to be decided here. Source: `conda_lock.src_parser.markers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

from .matchspecs import InvalidMatchSpec, read_match_spec
from .versions import satisfies

NEWEST = "3.14"
SUPPORTED = ("3.9", "3.10", "3.11", "3.12", "3.13", NEWEST)
_ALL = ("2.7", "3.4", "3.5", "3.6", "3.7", "3.8", *SUPPORTED)
_HEEDED = frozenset(("sys_platform", "platform_system", "os_name"))
_NAMES = re.compile(
    r"\b(?:python_version|python_full_version|os_name|sys_platform|platform_\w+|implementation_\w+|extra)\b"
)
_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
_PLATFORMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "osx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
_MACHINES = {"64": "x86_64", "aarch64": "aarch64", "arm64": "arm64", "ppc64le": "ppc64le", "32": "i686"}


def pythons(conda: Iterable[str]) -> tuple[str, ...]:
    """Return the versions of Python, oldest first, that a specification's lines for conda allow."""
    constraints = []
    for line in conda:
        try:
            spec = read_match_spec(line)
        except InvalidMatchSpec:
            continue
        if spec.name == "python" and spec.version:
            constraints.append(spec.version)
    if not constraints:
        return SUPPORTED
    allowed = tuple(
        version for version in _ALL if all(_allows(constraint, version) for constraint in constraints)
    )
    return allowed or SUPPORTED


def is_heeded(marker: Marker) -> bool:
    """Tell whether conda-lock heeds all of a condition."""
    return set(_NAMES.findall(_QUOTED.sub("", str(marker)))) <= _HEEDED


def holds(marker: Marker, python: str, platform: str, groups: Iterable[str] = ()) -> bool:
    """Tell whether a condition can hold for a Python such as `3.12` on a platform such as `linux-64`.

    `groups` are the dependency groups of a pylock.toml that are asked for.
    """
    system, _, machine = platform.partition("-")
    environment: dict[str, str | AbstractSet[str]] = {
        **_PLATFORMS.get(system, _PLATFORMS["linux"]),
        "platform_machine": _MACHINES.get(machine, machine),
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python,
        "extra": "",
        "extras": frozenset(),
        "dependency_groups": frozenset(groups),
    }
    for micro in ("0", "99"):
        full = {"python_full_version": f"{python}.{micro}", "implementation_version": f"{python}.{micro}"}
        try:
            if marker.evaluate({**environment, **full}):
                return True
        except (UndefinedComparison, UndefinedEnvironmentName, ValueError):
            return True
    return False


def holds_somewhere(marker: Marker, versions: Iterable[str]) -> bool:
    """Tell whether a condition can hold for one of these versions of Python on any platform."""
    platforms = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")
    return any(holds(marker, version, platform) for version in versions for platform in platforms)


def _allows(constraint: str, python: str) -> bool:
    """Tell whether a match specification's version can be a micro version of a Python such as `3.12`."""
    return any(satisfies(f"{python}.{micro}", constraint) for micro in range(30))
