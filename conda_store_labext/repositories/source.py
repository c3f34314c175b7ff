"""SOURCE[@REF] as people write it: a repository, and which branch, tag or commit of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import InvalidRequest
from .address import Address, parse_address
from .links import Link, parse_link
from .messages import harmless
from .policy import Policy

_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*/?|(?:[\w.+-]+@)?[A-Za-z0-9.-]+:(?!//)")
# what `git check-ref-format` forbids, and what git would read as more than a name
_NO_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|^/|^-|\.lock(?:/|$)|/\.|^\.|\.$|^@$")
MOST_REF = 250  # characters


@dataclass(frozen=True)
class Source:
    """The repository to be opened; `ref` None is what the repository itself shows first.

    A link may have named the `notebook` (from the repository's root) and the `environment`, too.
    """

    address: Address
    ref: str | None = None
    notebook: str | None = None
    environment: str | None = None


def parse_source(text: str, policy: Policy | None = None) -> Source:
    """Return what a text names: SOURCE, SOURCE@REF, or a link of Binder, nbgitpuller or ours.

    Raises InvalidRequest or RepositoryRefused.
    """
    policy = policy or Policy()
    text = text.strip()
    link = parse_link(text)
    if link:
        return _of_link(link, policy)
    place, ref = split_ref(text)
    address = parse_address(place, policy.forge)
    policy.require(address)
    return Source(address, None if ref is None else checked_ref(ref))


def split_ref(text: str) -> tuple[str, str | None]:
    """Split at the last `@` that is no part of the address, e.g. `git@host:o/r.git@main`."""
    if "://" not in text and Path(text).expanduser().is_dir():
        return text, None
    authority = _AUTHORITY.match(text)
    start = authority.end() if authority else 0
    place, at, ref = text[start:].rpartition("@")
    if not at or (not place and not authority):
        return text, None
    return text[:start] + place, ref


def checked_ref(ref: str) -> str:
    """Return a branch's, tag's or commit's name; InvalidRequest for what is none."""
    if not ref or len(ref) > MOST_REF or _NO_REF.search(ref) or harmless(ref) != ref:
        raise InvalidRequest(
            f"{harmless(ref)[:100]!r} is not the name of a branch, tag or commit; "
            "write one of the repository's."
        )
    return ref


def _of_link(link: Link, policy: Policy) -> Source:
    address = parse_address(link.repository, policy.forge)
    if address.credential:
        raise InvalidRequest(
            f"The link holds a password or token for {address.host}, so it is not followed: whoever has "
            "seen it can use that. Ask for a link without, and let git keep your own credentials."
        )
    if address.scheme == "file" and "://" not in link.repository:
        raise InvalidRequest(f"{harmless(link.repository)!r} is not an address that a link can name.")
    policy.require(address)
    return Source(address, checked_ref(link.ref) if link.ref else None, link.path, link.environment)
