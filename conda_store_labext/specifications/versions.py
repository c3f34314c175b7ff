"""The order of conda's versions.

Source: the rules that conda documents for `VersionOrder`, with PEP 440's `dev` and `post` in their places.
"""

from __future__ import annotations

import re
from functools import cmp_to_key
from itertools import zip_longest

Piece = tuple[int, int, str]

_PIECES = re.compile(r"[0-9]+|[^0-9]+")
_ZERO: Piece = (3, 0, "")
_RANKS = {"dev": 0, "post": 4}  # other words lie between, before all numbers


def compare_versions(one: str, other: str) -> int:
    """Return -1, 0 or 1 as the first version is older than, equal to or newer than the second."""
    for left, right in zip(_split(one), _split(other), strict=True):
        for parts in zip_longest(left, right, fillvalue=[_ZERO]):
            for pieces in zip_longest(*parts, fillvalue=_ZERO):
                if pieces[0] != pieces[1]:
                    return -1 if pieces[0] < pieces[1] else 1
    return 0


version_order = cmp_to_key(compare_versions)
"""The key to sort versions by, oldest first."""


def _split(version: str) -> tuple[list[list[Piece]], list[list[Piece]], list[list[Piece]]]:
    """Return epoch, version and local version, each as parts of pieces."""
    text = version.strip().lower()
    epoch, bang, rest = text.partition("!")
    if not bang:
        epoch, rest = "0", text
    public, _, local = rest.partition("+")
    return _parts(epoch), _parts(public), _parts(local)


def _parts(text: str) -> list[list[Piece]]:
    """Return the parts between dots, dashes and underscores; a letter first gets a 0 before it."""
    found = []
    for part in re.split(r"[._-]", text) if text else []:
        pieces = [_piece(piece) for piece in _PIECES.findall(part)]
        found.append(pieces if pieces and part[0] in "0123456789" else [_ZERO, *pieces])
    return found


def _piece(text: str) -> Piece:
    if text.isascii() and text.isdigit():
        return (3, int(text), "")
    return (_RANKS.get(text, 1), 0, text if text not in _RANKS else "")
