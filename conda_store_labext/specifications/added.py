"""A specification with packages added: one that it lists already gives way to the new line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .matchspecs import package_name
from .text import parse_specification, requirements_of, specification_text


def with_added(text: str, conda: Sequence[str] = (), pip: Sequence[str] = ()) -> str:
    """Return a specification with further lines for conda and for pip, which it gets if it needs it."""
    specification = parse_specification(text)
    old_conda, old_pip = requirements_of(specification)
    new = {package_name(line) for line in conda}
    packages: list[Any] = [line for line in old_conda if package_name(line) not in new]
    packages += conda
    gone = {_pip_name(line) for line in pip}
    requirements = [*(line for line in old_pip if _pip_name(line) not in gone), *pip]
    if requirements and "pip" not in map(package_name, packages):
        packages.append("pip")
    section = [{"pip": requirements}] if requirements else []
    return specification_text({**specification, "dependencies": [*packages, *section]})


def _pip_name(line: str) -> str:
    try:
        return canonicalize_name(Requirement(line.partition(" #")[0]).name)
    except InvalidRequirement:  # an option
        return line
