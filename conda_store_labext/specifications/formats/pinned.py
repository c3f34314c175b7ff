"""Locks of Python's own tools: uv.lock and pylock.toml (PEP 751), whose versions pip installs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs

from packaging.markers import InvalidMarker, Marker
from packaging.utils import canonicalize_name

from ...errors import InvalidRequest
from ...models import Conversion
from .. import markers, notes
from ..draft import Draft
from ..notes import Kind
from ..source import Source, valid_name
from ..toml_text import parse_toml, table, tables, texts
from ..writing import written
from .project import add_python

# indexes under which PyPI is known
_PYPI = re.compile(r"https?://(?:pypi\.org|files\.pythonhosted\.org|pypi\.python\.org)(?:/|$)")
NOT_NEEDED = Kind("not-needed", "Left out, because neither this platform nor this Python needs it")
PINNED = Kind("pinned", "Every version is the lock's; its files are chosen anew by conda-lock")


def read(source: Source) -> Conversion | None:
    """Read the packages that the project itself needs, with their versions."""
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    if name not in ("uv.lock", "pylock.toml"):
        return None
    content = parse_toml(source.text, name)
    draft = Draft(source)
    if draft.name in ("uv", "pylock"):
        draft.name = "environment"
    add_python(draft, content.get("requires-python"))
    python = markers.pythons(entry.text for entry in draft.conda)[-1]
    packages = [
        package for package in content.get("package") or content.get("packages") or [] if _named(package)
    ]
    if name == "uv.lock":
        _uv(draft, packages, python)
    else:
        for package in packages:
            if _holds(package.get("marker"), python, draft.platform, texts(content.get("default-groups"))):
                _add(draft, package)
            else:
                draft.notes.add(NOT_NEEDED, f"{package['name']}; {package['marker']}")
    if not draft.pip:
        raise InvalidRequest(f"{name} lists no packages; use a requirements.txt or an environment.yml.")
    draft.notes.add(PINNED)
    draft.settle_with_python()
    return written(draft)


def _uv(draft: Draft, packages: list[dict[str, Any]], python: str) -> None:
    """Add what the project's own dependencies lead to, on this platform and Python."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for package in packages:
        by_name.setdefault(canonicalize_name(package["name"]), []).append(package)
    roots = [package for package in packages if {"virtual", "editable"} & set(table(package, "source"))]
    if roots:
        draft.name = valid_name(roots[0]["name"]) or draft.name
    for root in roots:
        for part, kind in (("dev-dependencies", notes.GROUPS), ("optional-dependencies", notes.OPTIONAL)):
            for group, listed in table(root, part).items():
                draft.notes.add(kind, notes.group(group, [each["name"] for each in tables(listed)]))
    skipped: dict[str, str] = {}
    waiting = [(dependency, ()) for root in roots for dependency in root.get("dependencies") or []]
    seen: set[tuple[str, str]] = set()
    while waiting:
        dependency, _ = waiting.pop()
        if not _named(dependency):
            continue
        if not _holds(dependency.get("marker"), python, draft.platform):
            skipped[dependency["name"]] = dependency["marker"]
            continue
        for package in by_name.get(canonicalize_name(dependency["name"]), ()):
            # of several versions the dependency names the one that it is locked to
            if dependency.get("version") not in (None, package.get("version")):
                continue
            extras = [extra for extra in dependency.get("extra") or [] if isinstance(extra, str)]
            optional = table(package, "optional-dependencies")
            waiting += [(each, ()) for extra in extras for each in optional.get(extra) or []]
            key = (package["name"], str(package.get("version")))
            if key in seen:
                continue
            seen.add(key)
            _add(draft, package)
            waiting += [(each, ()) for each in package.get("dependencies") or []]
    for name, marker in skipped.items():
        if name not in {each for each, _ in seen}:
            draft.notes.add(NOT_NEEDED, f"{name}; {marker}")


def _add(draft: Draft, package: dict[str, Any]) -> None:
    source = table(package, "source")
    if {"virtual", "editable", "directory", "path"} & set(source) or "directory" in package:
        draft.notes.add(notes.FILE, package["name"])
    elif isinstance(source.get("git"), str):
        address, _, commit = source["git"].partition("#")
        address, _, query = address.partition("?")
        (folder,) = parse_qs(query).get("subdirectory", [""])
        _add_git(draft, package["name"], address, commit, folder)
    elif table(package, "vcs"):
        vcs = table(package, "vcs")
        _add_git(draft, package["name"], vcs.get("url"), vcs.get("commit-id"), vcs.get("subdirectory"))
    elif isinstance(source.get("url"), str) or table(package, "archive").get("url"):
        draft.add_pip(f"{package['name']} @ {source.get('url') or package['archive']['url']}")
    elif table(package, "archive"):
        draft.notes.add(notes.FILE, package["name"])
    elif isinstance(package.get("version"), str):
        draft.add_pip(f"{package['name']}=={package['version']}")
    else:
        draft.notes.add(notes.UNREADABLE, package["name"])
    index = source.get("registry") or package.get("index")
    if isinstance(index, str) and not _PYPI.match(index):
        draft.notes.add(notes.INDEX, index)


def _add_git(draft: Draft, name: str, address: object, commit: object, folder: object) -> None:
    at = f"@{commit}" if commit else ""
    draft.add_pip(f"{name} @ git+{address}{at}{f'#subdirectory={folder}' if folder else ''}")


def _holds(marker: object, python: str, platform: str, groups: Iterable[str] = ()) -> bool:
    if not isinstance(marker, str):
        return True
    try:
        return markers.holds(Marker(marker), python, platform, groups)
    except InvalidMarker:
        return True


def _named(package: object) -> bool:
    return isinstance(package, dict) and isinstance(package.get("name"), str)
