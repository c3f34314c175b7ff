"""A clone on disk as git sees it: whose it is, what the user changed in it, what is in an update's way."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ..errors import CondaStoreLabError, Conflict, RepositoryError, RepositoryRefused
from .address import Address, parse_address
from .git import Git
from .messages import harmless

UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG")
BRANCHES = "conda-store"  # what branches of ours begin with
OPENED = f"refs/{BRANCHES}/opened"  # the tag's or commit's commit that was opened last


@dataclass(frozen=True)
class Worktree:
    """The clone in `folder`, whose `remote` is the repository that was asked for.

    `unsaved` are files that are changed in an editor.
    """

    git: Git
    folder: Path
    remote: str
    unsaved: frozenset[str] = frozenset()

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self.git.text("rev-parse", "HEAD", folder=self.folder)

    def branch(self) -> str | None:
        """Return the branch that is checked out; None where that is a commit by itself."""
        return self.git.branch(self.folder)

    def commit(self, name: str) -> str | None:
        """Return the commit that a ref has here, None where there is no such ref."""
        try:
            return self.git.text("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", folder=self.folder)
        except CondaStoreLabError:
            return None

    def default(self) -> str | None:
        """Return the branch that the repository showed first when it was looked at last."""
        head = f"refs/remotes/{self.remote}/"
        try:
            name = self.git.text("symbolic-ref", "--quiet", f"{head}HEAD", folder=self.folder)
        except CondaStoreLabError:
            return None
        return name.removeprefix(head)

    def remember_default(self, name: str | None) -> None:
        """Keep which branch the repository shows first."""
        if name:
            head = f"refs/remotes/{self.remote}/"
            self.git.run("symbolic-ref", f"{head}HEAD", f"{head}{name}", folder=self.folder)

    def is_shallow(self) -> bool:
        """Tell whether the history is cut."""
        return self.git.text("rev-parse", "--is-shallow-repository", folder=self.folder) == "true"

    def has(self, commit: str) -> bool:
        """Tell whether a commit is here, without asking anybody for it."""
        # without a protocol, for a clone without all blobs would fetch what it lacks
        offline = replace(self.git, protocols="")
        return offline.succeeds("cat-file", "-e", f"{commit}^{{commit}}", folder=self.folder)

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether a commit lies on the way to another one."""
        return self.git.succeeds("merge-base", "--is-ancestor", older, newer, folder=self.folder)

    def own_commits(self, head: str, *excluded: str | None) -> int:
        """Return how many commits lead to `head` that are in none of the `excluded` ones."""
        others = [commit for commit in excluded if commit] or [f"--remotes={self.remote}"]
        count = self.git.text("rev-list", "--count", head, "--not", *others, folder=self.folder)
        return int(count)

    def is_loose(self, commit: str) -> bool:
        """Tell whether no branch or tag leads to a commit, so that it would be lost."""
        listed = self.git.text("for-each-ref", "--count=1", "--contains", commit, folder=self.folder)
        return not listed

    def unfinished(self) -> str | None:
        """Return what was begun here and not ended: a merge, a rebase."""
        place = self.folder / self.git.text("rev-parse", "--git-dir", folder=self.folder)
        names = [name for name in UNFINISHED if (place / name).exists()]
        return names[0].removesuffix("_HEAD").removesuffix("_LOG").split("-")[0].lower() if names else None

    def changed(self) -> frozenset[str]:
        """Return the tracked files that the user changed, moved or deleted since the last commit."""
        listed = self.git.run(
            *("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no"),
            "--ignore-submodules=all",
            folder=self.folder,
        )
        changed = {line[3:].decode("utf-8", "replace") for line in listed.split(b"\0") if line}
        return frozenset(changed | self.unsaved)

    def in_the_way(self, target: str) -> tuple[str, ...]:
        """Return the user's files that going to `target` would overwrite or delete, sorted."""
        listed = self.git.run(
            "diff-tree", "-r", "-z", "--no-renames", "--name-status", "HEAD", target, folder=self.folder
        )
        fields = listed.decode("utf-8", "replace").split("\0")
        differences = dict(zip(fields[1::2], fields[::2], strict=False))
        changed = self.changed()
        ways = {path for path in differences if path in changed}
        added = [path for path, kind in differences.items() if kind == "A" and path not in changed]
        ways |= self._strangers(added, {path for path, kind in differences.items() if kind == "D"})
        return tuple(sorted(ways))

    def _strangers(self, added: Iterable[str], deleted: set[str]) -> set[str]:
        """Return what lies where new files are to come, ignored files too, of which git takes no care."""
        ways = set()
        for path in added:
            for place in (path, *map(str, PurePosixPath(path).parents)):
                whole = self.folder / place
                blocks = (
                    os.path.lexists(whole) if place == path else os.path.lexists(whole) and not whole.is_dir()
                )
                if blocks and place not in deleted and not self._all_tracked(whole, place, deleted):
                    ways.add(place)
        return ways

    def _all_tracked(self, whole: Path, place: str, deleted: set[str]) -> bool:
        """Tell whether a folder that gives way to a file holds nothing but what goes with it."""
        if not whole.is_dir() or whole.is_symlink():
            return False
        inside = [
            str(PurePosixPath(place, Path(parent, name).relative_to(whole).as_posix()))
            for parent, _, names in os.walk(whole)
            for name in names
        ]
        return set(inside) <= deleted


def worktree_of(git: Git, folder: Path, address: Address) -> Worktree:
    """Return the clone in a folder; Conflict unless it is one of `address`, RepositoryRefused if not ours."""
    if not os.path.lexists(folder / ".git"):
        raise Conflict(
            f"{folder} already exists and is not a clone of {address}; name another folder with --into, or "
            "move that one away."
        )
    owner = folder.stat().st_uid
    if hasattr(os, "getuid") and owner != os.getuid():
        raise RepositoryRefused(
            f"{folder} belongs to {_user(owner)}, so it is not updated; notebooks in it open all the same."
        )
    try:
        top = git.text("rev-parse", "--show-toplevel", folder=folder)
    except RepositoryError as error:
        raise Conflict(
            f"{folder} is not a complete clone ({error}); name another folder with --into."
        ) from None
    if Path(top).resolve() != folder.resolve():
        raise Conflict(
            f"{folder} is a part of {top} and not a clone itself; name another folder with --into."
        )
    urls = {}
    for name in git.text("remote", folder=folder).splitlines():
        urls[name] = git.text("config", "--get", f"remote.{name}.url", folder=folder)
    for name in sorted(urls, key=lambda name: name != "origin"):
        with suppress(CondaStoreLabError):
            remote = parse_address(urls[name])
            if remote.identity == address.identity:
                protocols = {*filter(None, git.protocols.split(":")), remote.scheme}
                return Worktree(replace(git, protocols=":".join(sorted(protocols))), folder, name)
    other = harmless(urls.get("origin", "")) or "no other repository"
    raise Conflict(
        f"{folder} is a clone of {other}, not of {address}; open it in a folder of its own with --into, or "
        "with --beside."
    )


def _user(number: int) -> str:
    import pwd

    with suppress(KeyError):
        return pwd.getpwuid(number).pw_name
    return f"user {number}"
