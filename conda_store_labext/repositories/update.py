"""Bringing a clone to what its repository has now, without ever touching what the user did in it.

It goes forward where nothing stands in the way. Whatever cannot go forward is neither merged nor overwritten:
it stays as it is, one sentence says why, and its notebooks open all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from ..errors import NotFound
from ..store.lock import FileLock
from .address import Address
from .git import Git
from .revision import Kind, Revision, resolve
from .worktree import BRANCHES, OPENED, Worktree, worktree_of

SHOWN = 5  # files that a sentence names
QUIET = ("--quiet", "--progress", "--no-tags")


class Outcome(str, Enum):
    """The outcome for a folder."""

    CLONED = "cloned"
    CURRENT = "current"
    UPDATED = "updated"
    SWITCHED = "switched"
    REWRITTEN = "rewritten"
    KEPT = "kept"
    LOCAL = "local"


@dataclass(frozen=True)
class FolderState:
    """The state of a folder after it was opened: `message` says it, `in_the_way` has the user's files.

    `kept_as` is the branch that keeps what was checked out before.
    """

    folder: str
    outcome: Outcome
    commit: str | None
    message: str
    in_the_way: tuple[str, ...] = ()
    kept_as: str | None = None


def update(
    git: Git, folder: Path, address: Address, ref: str | None, unsaved: Iterable[str] = ()
) -> FolderState:
    """Bring the clone in a folder to what `ref` names now, or leave it and say why.

    `unsaved` are files that somebody has changed in an editor, which count as changed here.
    Raises Conflict for a folder that is no clone of that repository, and what `resolve` raises.
    """
    tree = replace(worktree_of(git, folder, address), unsaved=frozenset(unsaved))
    with FileLock(folder / ".git" / f"{BRANCHES}.lock"):
        return _Update(tree, address, ref).run()


class _Update:
    """One update of one clone."""

    def __init__(self, tree: Worktree, address: Address, ref: str | None) -> None:
        self.tree, self.address, self.ref = tree, address, ref
        self.folder, self.git = tree.folder, tree.git
        self.before, self.branch = tree.head(), tree.branch()
        self.loose = self.branch is None and tree.is_loose(self.before)

    def run(self) -> FolderState:
        unfinished = self.tree.unfinished()
        if unfinished:
            return self.kept(
                f"A {unfinished} is under way in {self.folder}, so it is not updated; end that first."
            )
        old_default = self.tree.default()
        try:
            revision = self._wanted(old_default)
        except NotFound as error:
            # asked for by name: say so; a branch of the user's own that nobody else has stays
            if self.ref is not None or self.branch is None:
                raise
            return self.kept(str(error))
        tracked = f"refs/remotes/{self.tree.remote}/{revision.name}"
        tracked_commit = self.tree.commit(tracked) if revision.kind is Kind.BRANCH else None
        target = self._fetch(revision, tracked_commit)
        self.tree.remember_default(revision.default)
        if self.before == target and (revision.kind is not Kind.BRANCH or self.branch == revision.name):
            return self.state(Outcome.CURRENT, f"{self.folder} is at {revision}, which is the newest.")
        if revision.kind is Kind.BRANCH and self.branch == revision.name:
            return self._forward(revision, target, tracked_commit)
        return self._switch(revision, target)

    def _wanted(self, old_default: str | None) -> Revision:
        """Return what is to be opened; a branch that the user chose stays when nothing else is named."""
        url = self.address.url
        revision = resolve(self.git, self.folder, url, self.ref)
        own = self.branch not in (None, old_default, revision.default)
        if self.ref is None and own:
            return resolve(self.git, self.folder, url, self.branch)
        return revision

    def _fetch(self, revision: Revision, tracked_commit: str | None) -> str:
        """Have the commit here and return it; a history that is here is never cut."""
        if revision.kind is not Kind.BRANCH and self.tree.has(revision.commit):
            self.git.run("update-ref", OPENED, revision.commit, folder=self.folder)
            return revision.commit
        options = list(QUIET)
        # what was never here begins as the clone did; what is here is continued from where it ends
        if self.tree.is_shallow() and tracked_commit is None and not self.tree.has(revision.commit):
            options.append("--depth=1")
        if revision.kind is Kind.BRANCH:
            source, place = f"refs/heads/{revision.name}", f"refs/remotes/{self.tree.remote}/{revision.name}"
        else:
            source, place = revision.commit, OPENED
            if revision.kind is Kind.TAG:
                source = f"refs/tags/{revision.name}"
        self.git.run("fetch", *options, self.tree.remote, f"+{source}:{place}", folder=self.folder)
        return self.git.text("rev-parse", f"{place}^{{commit}}", folder=self.folder)

    def _forward(self, revision: Revision, target: str, tracked_commit: str | None) -> FolderState:
        tree = self.tree
        if tree.is_ancestor(target, self.before):
            own = tree.own_commits(self.before, target)
            return self.state(
                Outcome.CURRENT,
                f"{self.folder} is at {revision} with {_commits(own)} of your own, not pushed.",
            )
        ways = tree.in_the_way(target)
        if ways:
            return self.obstructed(revision, ways)
        if tree.is_ancestor(self.before, target):
            self.git.run(
                *("merge", "--quiet", "--ff-only", "--no-edit", "--no-overwrite-ignore", target),
                folder=self.folder,
            )
            return self.state(Outcome.UPDATED, f"{self.folder} was updated to {revision}.")
        own = tree.own_commits(self.before, tracked_commit, target)
        if own or tracked_commit is None:
            return self.kept(
                f"{self.folder} and {revision} went different ways ({_commits(own)} of your own here), so "
                "nothing was merged; open the new state in a folder of its own with --beside or merge it."
            )
        kept_as = self._keep()
        self.git.run("reset", "--quiet", "--keep", target, folder=self.folder)
        return replace(
            self.state(
                Outcome.REWRITTEN,
                f"The history of {revision.name} was rewritten; {self.folder} has the new one, and the "
                f"branch {kept_as} keeps the old one.",
            ),
            kept_as=kept_as,
        )

    def _switch(self, revision: Revision, target: str) -> FolderState:
        tree, name = self.tree, revision.name
        local = tree.commit(f"refs/heads/{name}") if revision.kind is Kind.BRANCH else None
        goal = local or target
        ways = tree.in_the_way(goal)
        if ways:
            return self.obstructed(revision, ways)
        kept_as = self._keep() if self.loose else None
        options = ("checkout", "--quiet", "--no-overwrite-ignore", "--no-recurse-submodules")
        if revision.kind is not Kind.BRANCH:
            self.git.run(*options, "--detach", target, folder=self.folder)
        elif local:
            self.git.run(*options, name, "--", folder=self.folder)
        else:
            remote = f"refs/remotes/{tree.remote}/{name}"
            self.git.run(*options, "-b", name, "--track", remote, folder=self.folder)
        was = f"branch {self.branch}" if self.branch else f"commit {self.before[:10]}"
        message = f"{self.folder} was switched from {was} to {revision}."
        if local and local != target:
            self.before, self.branch = local, name
            forward = self._forward(revision, target, None)
            if forward.outcome is not Outcome.UPDATED:
                return replace(forward, kept_as=kept_as)
        return replace(self.state(Outcome.SWITCHED, message), kept_as=kept_as)

    def _keep(self) -> str:
        """Make a branch of what is checked out, and return its name."""
        name = f"{BRANCHES}/before-{self.before[:10]}"
        self.git.run("branch", "--force", "--no-track", name, self.before, folder=self.folder)
        return name

    def obstructed(self, revision: Revision, ways: tuple[str, ...]) -> FolderState:
        more = f" and {len(ways) - SHOWN} more" if len(ways) > SHOWN else ""
        return self.kept(
            f"{self.folder} was not brought to {revision}, because that would overwrite what you have in "
            f"{', '.join(ways[:SHOWN])}{more}; write it back or move it away, or open the new state in a "
            "folder of its own with --beside.",
            ways,
        )

    def kept(self, message: str, ways: tuple[str, ...] = ()) -> FolderState:
        return replace(self.state(Outcome.KEPT, message), in_the_way=ways)

    def state(self, outcome: Outcome, message: str) -> FolderState:
        return FolderState(str(self.folder), outcome, self.tree.head(), message)


def _commits(count: int) -> str:
    return "1 commit" if count == 1 else f"{count} commits"
