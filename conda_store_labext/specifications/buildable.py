"""Specifications that conda-store takes but nothing good comes of, refused before they are built.

conda-store writes a specification as one line of JSON for conda-lock, which takes what follows a `#` and
stands in brackets at a line's end for a condition of conda-build's, and drops the whole line where that does
not hold (`filter_platform_selectors` in `conda_lock/src_parser/selectors.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from . import notes
from .addresses import has_credentials
from .matchspecs import InvalidMatchSpec, read_match_spec
from .notes import Notes, printable
from .requirements import read_requirement
from .text import requirements_of

# in the order in which conda-store writes them
_KEYS = ("channels", "dependencies", "description", "name", "prefix", "variables")
_CONDITION = re.compile(r".+?#.*\[([^\[\]]+)\][^()]*$")
# why a requirement can never be locked, of the notes that a file gets
_NEVER = (notes.FILE, notes.OTHER_FILE, notes.OPTION, notes.INDEX, notes.ADDRESS, notes.UNREADABLE)
_PLACES = {"description": "the description", "variables": "the variables"}


def require_buildable(specification: Mapping[str, Any]) -> None:
    """Raise InvalidRequest for an address with a password, and for what conda-lock cannot lock.

    That is a line that it cannot read, and what it takes for a condition.
    """
    conda, pip = requirements_of(specification)
    for what, lines in (
        ("channels", specification.get("channels") or []),
        ("dependencies", conda),
        ("requirements below `pip:`", pip),
    ):
        if any(has_credentials(str(line)) for line in lines):
            raise InvalidRequest(
                f"The {what} have an address with a password or a token in it, which everybody who may see "
                "the environment could read; use one that needs none."
            )
    for line in conda:
        _require_package(line)
    for line in pip:
        _require_requirement(line)
    key = key_of_condition(specification)
    if key:
        raise InvalidRequest(
            f"conda-lock takes the brackets in {_PLACES.get(key, 'the dependencies')}, which come after a #, "
            "for a condition and would leave out all packages; write it without the # or the brackets."
        )


def _require_package(line: str) -> None:
    try:
        read_match_spec(line)
    except InvalidMatchSpec:
        raise InvalidRequest(
            f"`{printable(line)}` is not a package that conda can read; write it like numpy, numpy=2.1 or "
            "numpy>=2,<3."
        ) from None


def _require_requirement(line: str) -> None:
    remarks = Notes()
    if read_requirement(line.partition(" #")[0], remarks) is not None:
        return
    never = {kind.name: kind.text.removeprefix("Left out, because ") for kind in _NEVER}
    why = next((never[note.kind] for note in remarks if note.kind in never), None)
    if why:
        raise InvalidRequest(
            f"`{printable(line)}` below `pip:` cannot be built: {why}. Correct or remove the line."
        )


def require_shareable_lockfile(text: str) -> None:
    """Raise InvalidRequest for a lockfile with an address with a password in it."""
    if has_credentials(text):
        raise InvalidRequest(
            "The lockfile has an address with a password or a token in it, which everybody who may see the "
            "environment could read; lock again with channels and indexes that need none."
        )


def key_of_condition(specification: Mapping[str, Any]) -> str | None:
    """Return the last key with brackets that conda-lock takes for a condition; None where it takes none."""
    written = {key: specification.get(key) for key in _KEYS}
    if not _CONDITION.match(json.dumps(written, default=str)):
        return None
    # what comes last is what can be changed: before it there are lists, which have brackets of their own
    for key in ("variables", "description"):
        if written[key]:
            written[key] = None
            if not _CONDITION.match(json.dumps(written, default=str)):
                return key
    return "dependencies"
