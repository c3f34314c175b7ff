"""One package by one manager: what conda lists already is not added by pip too, and vice versa."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ..errors import InvalidRequest
from ..specifications.conda_names import from_conda
from ..specifications.matchspecs import package_name, read_match_spec
from ..specifications.names.table import names


def as_listed(
    by_conda: Iterable[str], by_pip: Iterable[str], *, conda: Sequence[str], pip: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return the lines that are to be added, each for the manager that lists its package already.

    Raises InvalidRequest for a line that this manager cannot read.
    """
    of_conda = {package_name(line) for line in by_conda}
    of_pip = {pip_name(line) for line in by_pip}
    for_conda: list[str] = []
    for_pip: list[str] = []
    for line in conda:
        pypi = next((other for other in of_pip if names().get(other) == package_name(line)), None)
        if pypi is None:
            for_conda.append(line)
        else:
            for_pip.append(_for_pip(line, pypi))
    for line in pip:
        name = names().get(pip_name(line))
        if name not in of_conda:
            for_pip.append(line)
        elif spec := from_conda(line):
            for_conda.append(spec)
        else:
            raise InvalidRequest(f"{name} is listed for conda, which cannot read {line}; change it by hand.")
    return for_conda, for_pip


def pip_name(line: str) -> str:
    """Return the name in a line of pip's as indexes compare it; empty where there is none."""
    matched = re.match(r"\s*([A-Za-z0-9][\w.-]*)", line)
    return str(canonicalize_name(matched[1])) if matched else ""


def _for_pip(line: str, pypi: str) -> str:
    """Return a line of conda's as one of pip's, whose name for the package is given."""
    spec = read_match_spec(line)
    try:
        if spec.build:
            raise InvalidRequirement(line)
        return str(Requirement(f"{pypi}{spec.version}"))
    except InvalidRequirement:
        raise InvalidRequest(
            f"{pypi} is listed below `pip:`, which cannot read {line}; change it by hand."
        ) from None
