"""The names people give an environment of this machine, and the keys and kernel names that stand for it."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from ..kernels.names import NAME_PART
from .places import IN_PROJECT
from .prefixes import Kind, Prefix

HASHED = re.compile(r"(.+)-[A-Za-z0-9_-]{8}(?:-py\d+(?:\.\d+)?)?")  # as poetry and pipenv name them


def key_of(prefix: Path) -> str:
    """Return the key of an environment: sixteen hexadecimal digits of its path."""
    return hashlib.sha256(os.fsencode(prefix)).hexdigest()[:16]


def name_of(prefix: Prefix, project: Path | None) -> str:
    """Return the name: the project's where it has one, else the environment's own."""
    path = prefix.path
    if project:
        return printable(project.name or str(project))
    if prefix.kind in (Kind.POETRY, Kind.PIPENV):
        match = HASHED.fullmatch(path.name)
        return printable(match[1] if match else path.name)
    if prefix.kind is Kind.HATCH:
        return printable(path.parent.parent.name)
    if prefix.kind is Kind.CONDA and (path / "condabin").is_dir():
        return "base"
    return printable(path.name)


def display_name_of(prefix: Prefix, project: Path | None) -> str:
    """Return the name with what makes it known: `analysis (.venv, Python 3.12)`."""
    path, kind = prefix.path, prefix.kind
    label = path.name if project and path.parent == project else kind.value
    if kind is Kind.PIXI and path.name != "default":
        label = f"pixi {path.name}"
    elif kind is Kind.HATCH:
        label = f"hatch {path.name}"
    elif project and path.parent.parent == project and not kind.of_conda:
        label = f"{path.parent.name}/{path.name}"
    version = ".".join(prefix.python.split(".")[:2])
    return (
        f"{name_of(prefix, project)} ({printable(label)}, {f'Python {version}' if version else 'no Python'})"
    )


def kernel_name(prefix: Path, kernel: str, first: bool) -> str:
    """Return the legal name (`[a-z0-9._-]`) of a kernel; it depends on the environment's path alone."""
    name = prefix.parent.name if prefix.name in IN_PROJECT else prefix.name
    shown = re.sub(r"[^a-z0-9._]", "_", name.lower())[:NAME_PART]
    ending = "" if first else "-" + re.sub(r"[^a-z0-9._-]", "_", kernel.lower())
    return f"machine-{shown}-{key_of(prefix)}{ending}"


def shown_path(path: Path, home: Path) -> str:
    """Return a path as people write it, with `~` for the home folder."""
    inside = path.is_relative_to(home) and path != home
    return printable(f"~/{path.relative_to(home)}" if inside else str(path))


def printable(text: str) -> str:
    """Return a text with a mark for everything that a terminal or a page would not just show."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
