"""Packages that a notebook itself says it needs, in a `# /// script` block (PEP 723) of a cell.

juv, marimo and uv read it. It is the text of a code cell, the first one where this package writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..errors import InvalidRequest, NotFound
from ..errors.os_errors import os_errors_explained
from ..specifications.script_block import MARK, dependencies_of, with_dependencies
from ..store.files import read_small, replace_text
from .record import NotebookRecord

MAX_SIZE = 256 * 1024 * 1024  # bytes of a notebook


@dataclass(frozen=True)
class NotebookRequirements:
    """The requirements in a notebook's block, and those of them that its kernel's environment lacks."""

    requirements: tuple[str, ...]
    missing: tuple[str, ...]


def read_notebook(notebook: Path) -> dict[str, Any]:
    """Return a notebook's content; NotFound or InvalidRequest where it cannot be read."""
    try:
        content = json.loads(read_small(notebook, MAX_SIZE))
    except OSError as error:
        raise NotFound(f"{notebook} cannot be read ({error.strerror}); check the name.") from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise InvalidRequest(f"{notebook} is no notebook; choose an .ipynb file.")
    return content


def requirements_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the requirements that a notebook names in the first cell with a block."""
    for cell in _code_cells(content):
        if MARK in _source(cell):
            return dependencies_of(_source(cell))
    return ()


def write_requirements(notebook: Path, requirements: Sequence[str]) -> None:
    """Write requirements into a notebook's block, which it gets in a hidden first cell if it has none."""
    content = read_notebook(notebook)
    for cell in _code_cells(content):
        if MARK in _source(cell):
            cell["source"] = with_dependencies(_source(cell), requirements).splitlines(keepends=True)
            break
    else:
        text = with_dependencies("", requirements)
        new = {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {"jupyter": {"source_hidden": True}},
            "outputs": [],
            "source": text.splitlines(keepends=True),
        }
        # notebooks of format 4.5 have cells with ids
        named = any("id" in cell for cell in content["cells"] if isinstance(cell, dict))
        content["cells"].insert(0, {**new, **({"id": "conda-store-requirements"} if named else {})})
    with os_errors_explained(notebook.parent):
        replace_text(notebook, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def lacking(requirements: Sequence[str], versions: Mapping[str, str], python: str = "") -> tuple[str, ...]:
    """Return the requirements that packages, versions by name, do not satisfy under a version of Python."""
    environment = {"python_version": python} if python else {}
    missing: list[str] = []
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate(environment):
            continue
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            missing.append(text)
    return tuple(missing)


def recorded_requirements(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a notebook's record says was added with pip; nothing where it has no record."""
    metadata = content.get("metadata")
    try:
        record = NotebookRecord.of(metadata.get("conda_store") if isinstance(metadata, dict) else None)
    except InvalidRequest:
        return ()
    return tuple(addition for addition in record.additions if not addition.startswith("r::"))


def _code_cells(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in content["cells"]:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            yield cell


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
