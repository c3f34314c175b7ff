"""Packages of pip's taken from conda's channels instead, where that is the same package for certain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .names.table import names
from .text import parse_specification, requirements_of, specification_text

CHANNEL = "conda-forge"
_OPERATORS = frozenset(("==", ">=", "<=", ">", "<", "!=", "~="))


def from_conda(line: str) -> str | None:
    """Return a line of pip's as conda's match specification; None where pip has to install it.

    That is so for what conda-forge does not have for certain, and for addresses, extras, conditions and
    versions that conda reads otherwise.
    """
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return None
    name = names().get(canonicalize_name(requirement.name))
    plain = not (requirement.url or requirement.extras or requirement.marker)
    specifiers = sorted(map(str, requirement.specifier))
    readable = all(part.operator in _OPERATORS and "+" not in part.version for part in requirement.specifier)
    if name is None or not plain or not readable:
        return None
    return f"{name} {','.join(specifiers)}" if specifiers else name


def prefer_conda(text: str, has: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
    """Return a specification with what conda can install taken from there, and the lines that were moved.

    `has` says whether the server's channels have a package. Nothing moves where conda-forge is no channel.
    """
    specification = parse_specification(text)
    conda, pip = requirements_of(specification)
    if CHANNEL not in (specification.get("channels") or []):
        return text, ()
    chosen = {line: spec for line in pip if (spec := from_conda(line)) and has(spec.split(" ")[0])}
    if not chosen:
        return text, ()
    rest = [line for line in pip if line not in chosen]
    kept: list[Any] = [line for line in conda if line != "pip" or rest]
    dependencies = [*kept, *chosen.values(), *([{"pip": rest}] if rest else [])]
    moved = tuple(
        f"{line} as {spec}" if spec.split(" ")[0] != line else line for line, spec in chosen.items()
    )
    return specification_text({**specification, "dependencies": dependencies}), moved
