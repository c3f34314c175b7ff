"""Git's messages, made harmless to show and turned into one sentence with what to do next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import (
    CondaStoreLabError,
    Conflict,
    DiskFull,
    NotFound,
    RepositoryError,
    RepositoryRefused,
    RepositoryUnreachable,
)

MOST = 300  # characters of git's own words in a sentence
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|$)"  # titles, links
    r"|\x1b[@-Z\\-_]"
)
_SECRETS = re.compile(r"(?<=://)[^/\s@]*@")
_TELLING = re.compile(r"(?:fatal|error|ERROR|remote):\s*(.*\S)")

# In this order: the first one that git's words match says what happened.
_REFUSED = re.compile(
    r"could not read (?:Username|Password)|terminal prompts disabled|Authentication failed"
    r"|Permission denied|returned error: 40[13]|HTTP 40[13]|Host key verification failed",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"repository .* not found|does not appear to be a git repository|does not exist|not our ref"
    r"|returned error: 404|not valid: is this a git repository|Repository not found",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"Could not resolve host|Failed to connect|Connection (?:refused|timed out|reset|closed)|Couldn't connect"
    r"|unable to access|Operation too slow|early EOF|unexpected disconnect|hung up unexpectedly"
    r"|Could not read from remote repository|Network is unreachable|SSL|certificate",
    re.IGNORECASE,
)
_REDIRECTS = re.compile(r"[Mm]aximum \(\d+\) redirects|unable to update url base from redirection")
_BLOCKED = re.compile(r"transport '[^']*' not allowed|strange (?:hostname|pathname)")


def harmless(text: str) -> str:
    """Return a text without terminal escapes, control characters and marks that turn its direction.

    Addresses in it lose the user and the password that they name.
    """
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )
    return _SECRETS.sub("", shown)


def reason(stderr: str) -> str:
    """Return the line of git's words that tells most, cut to a length that fits into a sentence."""
    lines = [line.strip() for line in harmless(stderr).splitlines() if line.strip()]
    telling = [matched[1] for line in lines if (matched := _TELLING.match(line))]
    chosen = telling[0] if telling else lines[-1] if lines else "it gave no reason"
    return chosen[:MOST].rstrip(".")


def explain_git(stderr: str, where: str) -> CondaStoreLabError:
    """Return the error to show for a git that failed on the repository `where`."""
    words = reason(stderr)
    if "No space left on device" in stderr or "Disk quota exceeded" in stderr:
        return DiskFull(f"The disk is full, so {where} could not be cloned; free some space, then try again.")
    if "dubious ownership" in stderr:
        return RepositoryRefused(
            f"{where} belongs to another user of this machine, so git does not work in it; notebooks in it "
            "open all the same, updates and write-back are for its owner."
        )
    if _REDIRECTS.search(stderr):
        return RepositoryUnreachable(
            f"{where} answers with one redirection after another ({words}); check the address."
        )
    if _BLOCKED.search(stderr):
        return RepositoryRefused(f"git refuses the address of {where} ({words}); use https:// or ssh.")
    if _REFUSED.search(stderr):
        return RepositoryRefused(
            f"{where} does not exist or is not open to you ({words}); check the address, and that git has "
            "your credentials for that host (a credential helper or an ssh key)."
        )
    if _MISSING.search(stderr):
        return NotFound(f"There is no repository at {where} ({words}); check the address.")
    if _AWAY.search(stderr):
        return RepositoryUnreachable(
            f"{where} cannot be reached ({words}); check the address and the network, then try again."
        )
    if "index.lock" in stderr or "Unable to create" in stderr:
        return Conflict(f"Another git is at work in {where} ({words}); wait until it has ended.")
    return RepositoryError(f"git failed on {where}: {words}; try it by hand with the same address.")


def from_root(text: str, root: Path) -> str:
    """Return a sentence with the paths of files below a folder as they are from there."""
    return re.sub(rf"(?<!\S){re.escape(str(root))}/", "", text)


@contextmanager
def told_from_root(root: Path) -> Iterator[None]:
    """Have what is raised name files as `from_root` does."""
    try:
        yield
    except CondaStoreLabError as error:
        error.message = from_root(error.message, root)
        error.args = (error.message,)
        raise
