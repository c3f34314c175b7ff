"""A clone in the making: looked at before a file of it is on disk, then checked out and put in its place.

<parent>/
    .<name>.opening-XXXXXXXX/      until it is whole; whatever is left of one is no clone
    <name>/                        the clone
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..errors import Conflict, InvalidRequest, NotFound, RepositoryError
from ..errors.os_errors import os_errors_explained
from .address import Address
from .files import CommitFiles
from .git import Git
from .policy import Policy
from .revision import ABBREVIATED, Kind, Revision, resolve
from .worktree import OPENED

MARK = ".opening-"
LEFT_BEHIND = 24 * 3600.0  # seconds after which what somebody left half done is cleared away
BLOBLESS = "blob:none"


class StagedClone:
    """One commit of a repository without its files, beside the folder that it is to become."""

    def __init__(self, git: Git, address: Address, parent: Path) -> None:
        self.git = git
        self.address = address
        with os_errors_explained(parent):
            parent.mkdir(parents=True, exist_ok=True)
            _sweep(parent)
            self.folder = parent / f".{address.name}{MARK}{secrets.token_hex(4)}"
            self.folder.mkdir()
        self.revision: Revision | None = None

    def __enter__(self) -> StagedClone:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not put in its place."""
        self.discard()

    def fetch(self, ref: str | None) -> Revision:
        """Have the newest commit of what `ref` names here, without files; raises what `resolve` raises."""
        git, folder, url = self.git, self.folder, self.address.url
        git.run("init", "--quiet", "--template=", folder=folder)
        if self.address.scheme != "file":
            git.run("config", "core.symlinks", "false", folder=folder)
        git.run("config", "remote.origin.url", url, folder=folder)
        git.run(
            "config", "--add", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*", folder=folder
        )
        revision = resolve(git, folder, url, self._whole(ref))
        self._fetch(revision)
        if revision.kind is Kind.BRANCH:  # it may have moved since it was asked for
            commit = git.text("rev-parse", f"refs/remotes/origin/{revision.name}", folder=folder)
            revision = replace(revision, commit=commit)
        self.revision = revision
        if not git.succeeds("cat-file", "-e", f"{revision.commit}^{{commit}}", folder=folder):
            raise NotFound(f"{git.where} has no {revision}; check what it names.")
        return revision

    def _whole(self, ref: str | None) -> str | None:
        """Return an abbreviated commit in full, found in the history of the branches; all else as it is."""
        git, folder = self.git, self.folder
        if ref is None or not ABBREVIATED.fullmatch(ref.lower()):
            return ref
        with suppress(NotFound, InvalidRequest):  # a branch, tag or tip
            resolve(git, folder, self.address.url, ref)
            return ref
        # the commits alone, apart from what becomes the clone, which would lack their folders and files
        apart = folder.with_name(f"{folder.name}-commits")
        apart.mkdir()
        heads = "+refs/heads/*:refs/heads/*"
        options = ("--quiet", "--progress", "--filter=tree:0", "--tags")
        try:
            git.run("init", "--quiet", "--bare", "--template=", folder=apart)
            git.run("fetch", *options, "--", self.address.url, heads, folder=apart, watched=apart)
            name = f"{ref.lower()}^{{commit}}"
            commit = git.answer("rev-parse", "--verify", "--quiet", name, folder=apart)[1].decode().strip()
        finally:
            shutil.rmtree(apart, ignore_errors=True)
        if not commit:
            raise InvalidRequest(
                f"{ref} does not begin exactly one commit in {git.where}; write all 40 digits."
            )
        return commit

    def files(self) -> CommitFiles:
        """Return the files of the commit that was fetched."""
        assert self.revision is not None
        return CommitFiles(self.git, self.folder, self.revision.commit)

    def publish(self, target: Path) -> None:
        """Check the files out and make this the folder `target`, which must not be there; all or nothing."""
        git, folder, revision = self.git, self.folder, self.revision
        assert revision is not None
        checkout = ["checkout", "--quiet", "--progress"]
        if revision.kind is Kind.BRANCH:
            # -B: a repository's first branch is there by name already
            checkout += ["-B", revision.name, "--track", f"refs/remotes/origin/{revision.name}"]
        else:
            checkout += ["--detach", revision.commit]
            git.run("update-ref", OPENED, revision.commit, folder=folder)
        if revision.default:
            git.run(
                "symbolic-ref",
                "refs/remotes/origin/HEAD",
                f"refs/remotes/origin/{revision.default}",
                folder=folder,
            )
        git.run(*checkout, folder=folder, watched=folder)
        if git.text("rev-parse", "HEAD", folder=folder) != revision.commit:
            raise RepositoryError(f"{git.where} did not become {revision}; try again.")
        if target.is_dir() and not any(target.iterdir()):
            target.rmdir()
        if os.path.lexists(target):
            raise Conflict(f"{target} was created meanwhile; open the repository again.")
        with os_errors_explained(target.parent):
            folder.rename(target)

    def discard(self) -> None:
        """Remove what is here, unless it was published."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fetch(self, revision: Revision) -> None:
        options = ["--quiet", "--progress", "--depth=1", f"--filter={BLOBLESS}", "--no-tags"]
        if revision.kind is Kind.BRANCH:
            name = f"+refs/heads/{revision.name}:refs/remotes/origin/{revision.name}"
        elif revision.kind is Kind.TAG:
            name = f"+refs/tags/{revision.name}:refs/tags/{revision.name}"
        else:
            name = revision.commit
        try:
            self.git.run("fetch", *options, "origin", name, folder=self.folder, watched=self.folder)
            if self.address.scheme == "ssh" and not self._gives_files(revision):
                whole = [option for option in options if option != f"--filter={BLOBLESS}"]
                whole += ["--refetch", "--no-filter", "origin", name]
                self.git.run("fetch", *whole, folder=self.folder, watched=self.folder)
        except NotFound:
            if revision.kind is not Kind.COMMIT:
                raise
            # hosts that give out tips alone: all branches, one of which should have it
            options = ["--quiet", "--progress", f"--filter={BLOBLESS}", "--tags"]
            self.git.run("fetch", *options, "origin", folder=self.folder, watched=self.folder)

    def _gives_files(self, revision: Revision) -> bool:
        """Tell whether the host hands out single files later.

        A host that sshd tells no protocol leaves files out when asked to, and then refuses to give them.
        """
        git, folder = self.git, self.folder
        commit = git.text("rev-parse", "FETCH_HEAD", folder=folder) or revision.commit
        for line in git.text("ls-tree", "-r", commit, folder=folder).splitlines():
            _, kind, rest = line.split(" ", 2)
            if kind == "blob":
                return git.succeeds("cat-file", "-e", rest.partition("\t")[0], folder=folder)
        return True


def git_for(address: Address, policy: Policy | None = None) -> Git:
    """Return a git that may talk to an address, and to nothing else."""
    policy = policy or Policy()
    return Git(
        str(address),
        protocols=address.scheme,
        credential=address.credential,
        redirects=not policy.limits_hosts,
    )


def _sweep(parent: Path) -> None:
    """Clear away what somebody who was killed left beside the clones."""
    for left in parent.glob(f".*{MARK}*"):
        with suppress(OSError):
            if not left.is_symlink() and time.time() - left.lstat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)
