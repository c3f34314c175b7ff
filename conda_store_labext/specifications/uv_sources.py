"""Sources that `[tool.uv]` gives for requirements: repositories, addresses, folders, other indexes."""

from __future__ import annotations

from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from . import notes
from .draft import Draft
from .poetry import requirement_lines
from .toml_text import table, tables


def add_requirements(draft: Draft, lines: list[str], uv: dict[str, Any]) -> None:
    """Add a project's requirements from where uv has them; notes name what can only be had from PyPI."""
    sources = {canonicalize_name(name): source for name, source in table(uv, "sources").items()}
    for line in lines:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            draft.add_pip(line)
            continue
        listed = sources.get(canonicalize_name(requirement.name))
        elsewhere = [each for each in tables(listed) or tables([listed]) if "index" not in each]
        for source in elsewhere:
            if source.get("workspace"):
                draft.notes.add(notes.FILE, line)
                continue
            conditions = [str(part) for part in (requirement.marker, source.get("marker")) if part]
            entry = {**source, "extras": sorted(requirement.extras)}
            if conditions:
                entry["markers"] = " and ".join(f"({part})" for part in conditions)
            for address in requirement_lines(requirement.name, entry, draft):
                draft.add_pip(address)
        if not elsewhere:
            draft.add_pip(line)
    for index in tables(uv.get("index")):
        draft.notes.add(notes.INDEX, str(index.get("url")))
    for key in ("index-url", "extra-index-url", "find-links"):
        for address in [uv[key]] if isinstance(uv.get(key), str) else uv.get(key) or ():
            draft.notes.add(notes.INDEX, str(address))
    for key in ("constraint-dependencies", "override-dependencies"):
        if uv.get(key):
            draft.notes.add(notes.KEY, notes.group(key, uv[key]))
