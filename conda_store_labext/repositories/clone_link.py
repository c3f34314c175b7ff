"""The link to a file or folder of a clone, as its own git knows where it came from."""

from __future__ import annotations

from pathlib import Path

from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..models import RepositoryLink
from ..models.reference import Reference
from .address import Address, parse_address
from .git import Git
from .links import BADGE, Link

WITHIN = 10.0  # seconds


def link_of(path: Path, environment: str | None = None) -> RepositoryLink:
    """Return the link; NotFound where the path is in no clone of a repository that others can reach.

    It names the branch that is checked out, else the commit. Nothing is asked of any host.
    """
    if environment:
        Reference.parse(environment)
    top = top_of(path)
    git = Git(str(top)).within(WITHIN)
    address = origin_of(git, top)
    try:
        ref = git.text("symbolic-ref", "--quiet", "--short", "HEAD", folder=top)
        ref = git.text("config", "--get", f"branch.{ref}.merge", folder=top).removeprefix("refs/heads/")
    except CondaStoreLabError:
        ref = git.text("rev-parse", "HEAD", folder=top)
    relative = path.resolve().relative_to(top.resolve()).as_posix()
    link = Link(address.url, ref, None if relative == "." else relative, environment)
    return RepositoryLink(link.query(), path.name, BADGE)


def top_of(path: Path) -> Path:
    """Return the folder of the repository that a file or folder is in; NotFound where there is none."""
    folder = path if path.is_dir() else path.parent
    top = next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)
    if top is None:
        raise NotFound(f"{path.name} is not in a git repository; open a file of one.")
    return top


def origin_of(git: Git, top: Path) -> Address:
    """Return the address that a clone came from; NotFound where it has none."""
    try:
        address = parse_address(git.text("config", "--get", "remote.origin.url", folder=top))
    except CondaStoreLabError:
        raise NotFound(
            f"{top.name} has no origin that a link could name; push it somewhere, then try again."
        ) from None
    if address.folder is not None and not address.folder.exists():
        raise InvalidRequest(f"{address} no longer exists, so there is nothing to link to.")
    return address
