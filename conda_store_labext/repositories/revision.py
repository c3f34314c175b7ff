"""The commit that a name stands for in a repository now: its first branch, a branch, a tag or a commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ..errors import InvalidRequest, NotFound
from ..models import RepositoryNames
from .git import Git

MOST_NAMED = 10  # branches that a sentence names
_COMMIT = re.compile(r"[0-9a-f]{40}")
ABBREVIATED = re.compile(r"[0-9a-f]{7,39}")


class Kind(str, Enum):
    """The kind of thing that a name turned out to be."""

    BRANCH = "branch"
    TAG = "tag"
    COMMIT = "commit"


@dataclass(frozen=True)
class Revision:
    """A commit, and the name that led to it; `default` is the branch that the repository shows first."""

    commit: str
    kind: Kind
    name: str
    default: str | None = None

    def __str__(self) -> str:
        """Return it as a sentence names it."""
        if self.kind is Kind.COMMIT:
            return f"commit {self.commit[:10]}"
        return f"{self.kind.value} {self.name} ({self.commit[:10]})"


def resolve(git: Git, folder: Path, url: str, ref: str | None) -> Revision:
    """Ask a repository what a name stands for; `folder` is a repository of ours that git works in.

    Raises NotFound with the branches that there are, and what `Git.run` raises.
    """
    wanted = (
        ["HEAD"]
        if ref is None
        else ["HEAD", f"refs/heads/{ref}", f"refs/tags/{ref}", f"refs/tags/{ref}^{{}}"]
    )
    commits, default = _listed(git, folder, url, wanted)
    if ref is None:
        if "HEAD" not in commits:
            raise NotFound(f"{git.where} has no commits yet; push one, then open it again.")
        if default is None:
            return Revision(commits["HEAD"], Kind.COMMIT, commits["HEAD"])
        return Revision(commits["HEAD"], Kind.BRANCH, default, default)
    if f"refs/heads/{ref}" in commits:
        return Revision(commits[f"refs/heads/{ref}"], Kind.BRANCH, ref, default)
    if f"refs/tags/{ref}" in commits:
        peeled = commits.get(f"refs/tags/{ref}^{{}}", commits[f"refs/tags/{ref}"])
        return Revision(peeled, Kind.TAG, ref, default)
    if _COMMIT.fullmatch(ref.lower()):
        return Revision(ref.lower(), Kind.COMMIT, ref.lower(), default)
    return _searched(git, folder, url, ref, default)


def names_of(git: Git, folder: Path, url: str) -> RepositoryNames:
    """Return the names of a repository's branches and tags, and which branch it shows first."""
    commits, default = _listed(git, folder, url, ["HEAD", "refs/heads/*", "refs/tags/*"])
    listed = {
        kind: tuple(
            name.removeprefix(kind) for name in commits if name.startswith(kind) and not name.endswith("^{}")
        )
        for kind in ("refs/heads/", "refs/tags/")
    }
    return RepositoryNames(default, listed["refs/heads/"], listed["refs/tags/"])


def _searched(git: Git, folder: Path, url: str, ref: str, default: str | None) -> Revision:
    """Find an abbreviated commit among the tips; NotFound for what is none."""
    commits, _ = _listed(git, folder, url, [])
    if ABBREVIATED.fullmatch(ref.lower()):
        tips = {commit for commit in commits.values() if commit.startswith(ref.lower())}
        if len(tips) == 1:
            (commit,) = tips
            return Revision(commit, Kind.COMMIT, commit, default)
        raise InvalidRequest(
            f"{ref} does not begin the commit of any branch or tag in {git.where}; write all 40 digits."
        )
    names = [name.removeprefix("refs/heads/") for name in commits if name.startswith("refs/heads/")]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    raise NotFound(
        f"{git.where} has no branch, tag or commit {ref}; its branches are "
        f"{', '.join(names[:MOST_NAMED]) or 'none'}{more}."
    )


def _listed(git: Git, folder: Path, url: str, wanted: list[str]) -> tuple[dict[str, str], str | None]:
    """Return commits by the full names of what points to them, and the branch that HEAD names."""
    commits: dict[str, str] = {}
    default = None
    for line in git.text("ls-remote", "--symref", "--", url, *wanted, folder=folder).splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: refs/heads/") and name == "HEAD":
            default = value.removeprefix("ref: refs/heads/")
        elif _COMMIT.fullmatch(value):
            commits[name] = value
    return commits, default
