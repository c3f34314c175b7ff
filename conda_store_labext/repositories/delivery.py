"""The outcome of a commit that is written back: on a branch, pushed, or saved in files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from .address import Address
from .messages import harmless, reason

REJECTED = re.compile(r"\[(?:remote )?rejected\]|non-fast-forward|pre-receive hook declined|protected branch")


@dataclass(frozen=True)
class Committed:
    """A commit that is on a branch here; `before` is the branch that was checked out."""

    branch: str
    commit: str
    base: str
    before: str | None


@dataclass(frozen=True)
class Pushed:
    """A branch that the repository has now; `request` is where to ask for its being taken over."""

    branch: str
    repository: str
    request: str | None


@dataclass(frozen=True)
class Saved:
    """The commit as files for somebody who may push it."""

    patch: str
    bundle: str


def request_address(address: Address, branch: str) -> str | None:
    """Return the page on which a forge takes a pull request for a branch; None for what is no forge."""
    host, _, path = address.identity.partition("/")
    name = quote(branch, safe="")
    if address.scheme == "file" or "/" not in path:
        return None
    if "gitlab" in host:
        return f"https://{host}/{path}/-/merge_requests/new?merge_request%5Bsource_branch%5D={name}"
    return f"https://{host}/{path}/compare/{quote(branch)}?expand=1" if host == "github.com" else None


def rejection(words: str) -> str:
    """Return in git's words why a branch was not taken."""
    lines = [line for line in harmless(words).splitlines() if REJECTED.search(line)]
    bracket = re.search(r"\(([^()]*)\)\s*$", lines[0]) if lines else None
    return bracket[1] if bracket else reason(words)
