"""The files that a requirements file names: read in their place, relative to the file that names them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import CondaStoreLabError
from .files import Files, text_of

MOST_FILES = 50
_INCLUDE = re.compile(
    r"(?P<option>-r|-c|--requirement|--constraint)(?:\s*=\s*|\s+|(?=[^\s-]))(?P<path>[^#]+?)\s*(?:\s#.*)?"
)
_EDITABLE = re.compile(
    r"(?:(?:-e|--editable)(?:\s*=\s*|\s+)(?!\w+\+|\w+://)(?P<named>[^\s#\[]+)|(?P<bare>\.{1,2}(?:/[^\s#\[]*)?))"
    r"(?:\[[^\]]*\])?\s*(?:#.*)?"
)
_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")

# Given a folder of the repository, the lines that the package there requires; None where there is none.
OwnRequirements = Callable[[str], "list[str] | None"]


@dataclass
class Included:
    """The lines of a requirements file with all that it names, and what could not be read."""

    lines: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def requirements(self) -> list[str]:
        """Return the lines, with a constraint beside each package that is listed."""
        listed = {_name(line) for line in self.lines}
        return [*self.lines, *(line for line in self.constraints if _name(line) in listed and _name(line))]


def included(
    files: Files, path: str, text: str | None = None, own: OwnRequirements | None = None
) -> Included:
    """Read a requirements file and what it names, each file once; nothing outside the repository."""
    result = Included()
    _read(files, path, text_of(files, path) if text is None else text, own, result, result.lines)
    return result


def _read(
    files: Files,
    path: str,
    text: str,
    own: OwnRequirements | None,
    result: Included,
    lines: list[str],
) -> None:
    result.read.add(path)
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        stripped = line.strip()
        include, editable = _INCLUDE.fullmatch(stripped), _EDITABLE.fullmatch(stripped)
        if include:
            to_lines = result.constraints if include["option"] in ("-c", "--constraint") else lines
            _follow(files, path, include["path"], own, result, to_lines)
        elif editable:
            folder = _inside(path, editable["named"] or editable["bare"])
            required = own(folder) if own and folder is not None else None
            if required is None:
                result.notes.append(
                    f"Left out, because it is a folder that conda-store does not have: {stripped}"
                )
            else:
                lines += required
                result.notes.append(
                    f"{stripped} is the repository itself: what it requires is listed, it is not installed."
                )
        else:
            lines.append(line)


def _follow(
    files: Files, path: str, named: str, own: OwnRequirements | None, result: Included, lines: list[str]
) -> None:
    target = _inside(path, named.strip().strip("'\"").removeprefix("file:"))
    if target is None:
        result.notes.append(f"Left out, because it is not a file of the repository: {named}")
        return
    if target in result.read:
        return
    if len(result.read) >= MOST_FILES:
        result.notes.append(f"Left out, because more than {MOST_FILES} files name each other: {named}")
        return
    try:
        text = text_of(files, target)
    except CondaStoreLabError as error:
        result.notes.append(f"{named} was left out: {error}")
        return
    _read(files, target, text, own, result, lines)


def _inside(path: str, named: str) -> str | None:
    """Return where a path leads that a file names; None outside the repository, empty for its root."""
    if "://" in named or named.startswith(("/", "~")) or "\\" in named or "$" in named:
        return None
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
    return None if whole == ".." or whole.startswith("../") else "" if whole == "." else whole


def _name(line: str) -> str:
    matched = _NAME.match(line)
    return re.sub(r"[-_.]+", "-", matched[1]).lower() if matched else ""
