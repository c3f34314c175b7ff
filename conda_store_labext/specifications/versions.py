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
_TERM = re.compile(r"(?P<operator>==|!=|~=|>=|<=|=|>|<|)\s*(?P<version>[^=<>!~\s]*)")
_ORDERS = {"": (0,), "==": (0,), "!=": (-1, 1), ">=": (0, 1), "<=": (-1, 0), ">": (1,), "<": (-1,)}
_RANKS = {"dev": 0, "post": 4}  # other words lie between, before all numbers


def compare_versions(version: str, other: str) -> int:
    """Return -1, 0 or 1 as the first version is older than, equal to or newer than the second."""
    for left, right in zip(_split(version), _split(other), strict=True):
        for parts in zip_longest(left, right, fillvalue=[_ZERO]):
            for pieces in zip_longest(*parts, fillvalue=_ZERO):
                if pieces[0] != pieces[1]:
                    return -1 if pieces[0] < pieces[1] else 1
    return 0


version_order = cmp_to_key(compare_versions)
"""The key to sort versions by, oldest first."""


def satisfies(version: str, constraint: str) -> bool:
    """Tell whether a version meets a match specification's version, such as `>=3.9,<3.12|3.13.*`."""
    return any(
        all(_meets(version, term.strip()) for term in terms.split(",")) for terms in constraint.split("|")
    )


def _meets(version: str, term: str) -> bool:
    match = _TERM.fullmatch(term)
    if not match:
        return False
    operator, wanted = match["operator"], match["version"]
    bare = wanted.removesuffix("*").removesuffix(".")
    if operator in ("", "=", "==", "!=") and (not bare or wanted != bare or operator == "="):
        return _begins(version, bare) != (operator == "!=")
    order = compare_versions(version, bare)
    if operator == "~=":
        return order >= 0 and _begins(version, bare.rpartition(".")[0])
    return order in _ORDERS[operator]


def _begins(version: str, prefix: str) -> bool:
    """Tell whether a version is one of a series: 3.10.1 of 3.10, but not of 3.1."""
    return not prefix or compare_versions(version, prefix) == 0 or version.startswith(f"{prefix}.")


def _split(version: str) -> tuple[list[list[Piece]], list[list[Piece]], list[list[Piece]]]:
    """Return epoch, version and local version, each as parts of pieces."""
    text = version.strip().lower()
    epoch, bang, rest = text.partition("!")
    if not bang:
        epoch, rest = "0", text
    public, _, local = rest.partition("+")
    return _parts(epoch), _parts(public), _parts(local)


def _parts(text: str) -> list[list[Piece]]:
    """Return the parts between dots, dashes and underscores; a letter first gets a 0 before it.

    An underscore or dash at the very end belongs to the last part: OpenSSL's 1.1_ comes before 1.1a.
    """
    body = text[:-1] if text[-1:] in ("_", "-") else text
    texts = re.split(r"[._-]", body) if body else []
    if texts and body != text:
        texts[-1] += "_"
    parts = []
    for part in texts:
        pieces = [_piece(piece) for piece in _PIECES.findall(part)]
        parts.append(pieces if pieces and part[0] in "0123456789" else [_ZERO, *pieces])
    return parts


def _piece(text: str) -> Piece:
    if text.isascii() and text.isdigit():
        return (3, int(text), "")
    return (_RANKS.get(text, 1), 0, text if text not in _RANKS else "")
