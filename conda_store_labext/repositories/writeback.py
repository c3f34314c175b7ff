"""Back to the repository: what changed is committed and pushed as the user, else saved for somebody else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from ..errors import (
    CondaStoreLabError,
    Conflict,
    InvalidRequest,
    NotFound,
    RepositoryError,
    RepositoryRefused,
)
from .address import Address, parse_address
from .delivery import REJECTED, Committed, Pushed, Saved, rejection, request_address
from .git import Git
from .messages import explain_git, harmless, reason
from .worktree import BRANCHES

_AUTHOR = re.compile(r" *(?P<name>[^<>\n\r]*[^<>\s]) *<(?P<email>[^<>\s@]+@[^<>\s]+)> *")
MOST_OUTPUT = 2000  # characters of what hooks print


class WriteBack:
    """Commits and pushes in the work tree of the user's own clone, as the user's git does it."""

    def __init__(self, folder: Path, git: Git | None = None) -> None:
        if not os.path.lexists(folder / ".git"):
            raise NotFound(
                f"{folder} is not a git repository; run `git init` there, or write to another folder."
            )
        self.folder = folder
        self.git = replace(git or Git(str(folder)), own=True)

    def changed(self) -> tuple[str, ...]:
        """Return the tracked files that differ from the last commit, sorted."""
        listed = self.git.run("diff", "--name-only", "--no-renames", "-z", "HEAD", "--", folder=self.folder)
        return tuple(sorted(filter(None, listed.decode("utf-8", "replace").split("\0"))))

    def difference(self, paths: Sequence[str]) -> str:
        """Return the unified diff of files against the last commit, harmless to show; new files whole."""
        with self._index(paths) as index:
            options = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--cached", "HEAD", "--")
            return harmless(
                self.git.run(*options, *paths, folder=self.folder, variables=index).decode("utf-8", "replace")
            )

    def branch(self) -> str | None:
        """Return the branch that is checked out."""
        return self.git.branch(self.folder)

    def knows_author(self) -> bool:
        """Tell whether git knows who commits."""
        return all(
            os.environ.get(f"GIT_AUTHOR_{part.upper()}") or self._configured(f"user.{part}")
            for part in ("name", "email")
        )

    def new_branch(self, day: date | None = None) -> str:
        """Return a name that no branch has: `conda-store/<date>`."""
        name = f"{BRANCHES}/{(day or date.today()).isoformat()}"
        number = 1
        while self._has(f"refs/heads/{name}" if number == 1 else f"refs/heads/{name}-{number}"):
            number += 1
        return name if number == 1 else f"{name}-{number}"

    def commit(
        self,
        paths: Sequence[str],
        message: str,
        branch: str | None = None,
        author: str | None = None,
        *,
        hooks: bool = True,
    ) -> Committed:
        """Commit these files, and nothing else that is staged, on a new branch or on the current one.

        `author`, as `Name <mail>`, counts for this commit alone. Raises InvalidRequest where git knows no
        author, RepositoryError with what a hook said; the files and the branch are then as before.
        """
        if not paths or not set(self._differing(paths)):
            raise InvalidRequest(
                "Nothing has changed since the last commit, so there is nothing to write back."
            )
        identity = self._identity(author)
        before, base = self.branch(), self.git.text("rev-parse", "HEAD", folder=self.folder)
        if branch:
            if self._has(f"refs/heads/{branch}"):
                raise Conflict(f"The branch {branch} already exists; choose another name.")
            self.git.run("checkout", "--quiet", "-b", branch, folder=self.folder)
        try:
            self._commit(paths, message, identity, hooks)
        except CondaStoreLabError:
            if branch:
                self.git.run("reset", "--quiet", "--", *paths, folder=self.folder)
                back = (before,) if before else ("--detach", base)
                self.git.run("checkout", "--quiet", *back, folder=self.folder)
                self.git.run("branch", "--delete", "--force", branch, folder=self.folder)
            raise
        done = self.git.text("rev-parse", "HEAD", folder=self.folder)
        return Committed(branch or before or "HEAD", done, base, before)

    def push(self, committed: Committed, remote: str = "origin") -> Pushed:
        """Push the branch with the user's own credentials.

        Raises RepositoryRefused where that may not be, Conflict where somebody else was faster.
        """
        address = self._address(remote)
        git = replace(self.git, where=str(address), protocols=address.scheme)
        target = f"HEAD:refs/heads/{committed.branch}"
        code, words = self._push(git, remote, target)
        if code and "shallow update not allowed" in words:
            self._deepen(remote)
            code, words = self._push(git, remote, target)
        if code:
            if REJECTED.search(words):
                raise Conflict(
                    f"{address} rejects the branch {committed.branch} ({rejection(words)}); push it "
                    "to another branch, or save it as a patch."
                )
            error = explain_git(words, str(address))
            if isinstance(error, NotFound):
                raise RepositoryRefused(str(error))
            raise error
        links = re.findall(r"^remote:\s+(https://\S+)", harmless(words), re.MULTILINE)
        return Pushed(
            committed.branch, str(address), links[0] if links else request_address(address, committed.branch)
        )

    def save(self, committed: Committed, folder: Path) -> Saved:
        """Write the commit as a patch (mail) and as a bundle to a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = folder / f"{self.folder.name}-{committed.branch.replace('/', '-')}"
        patch, bundle = stem.with_name(f"{stem.name}.patch"), stem.with_name(f"{stem.name}.bundle")
        patch.write_bytes(
            self.git.run(
                "format-patch", "--stdout", f"{committed.base}..{committed.commit}", folder=self.folder
            )
        )
        name = committed.branch if self._has(f"refs/heads/{committed.branch}") else "HEAD"
        self.git.run(
            "bundle",
            "create",
            "--quiet",
            str(bundle.absolute()),
            f"{committed.base}..{name}",
            folder=self.folder,
        )
        return Saved(str(patch), str(bundle))

    def _deepen(self, remote: str) -> None:
        """Fetch the history that the clone was made without, from where it was made."""
        source = "origin" if self._configured("remote.origin.url") else remote
        address = self._address(source)
        git = replace(self.git, where=str(address), protocols=address.scheme).within(600)
        git.run("fetch", "--quiet", "--unshallow", "--no-tags", source, folder=self.folder)

    def _push(self, git: Git, remote: str, target: str) -> tuple[int, str]:
        code, output, words = git.within(300).answer(
            "push", "--porcelain", remote, target, folder=self.folder
        )
        return code, output.decode("utf-8", "replace") + words

    def _commit(self, paths: Sequence[str], message: str, identity: Mapping[str, str], hooks: bool) -> None:
        verify = () if hooks else ("--no-verify",)
        for attempt in (1, 2):
            self.git.run("add", "--", *paths, folder=self.folder)
            code, output, words = self.git.answer(
                *("commit", "--quiet", "-m", message, *verify, "--", *paths),
                folder=self.folder,
                variables=identity,
            )
            if not code:
                return
            printed = harmless(output.decode("utf-8", "replace") + words).strip()
            # a hook that puts a file right fails the first time
            rewritten = self.git.text("diff", "--name-only", "--", *paths, folder=self.folder)
            if attempt == 2 or not rewritten:
                raise RepositoryError(
                    f"The commit was refused ({reason(words)}), perhaps by a hook of the repository's; "
                    f"nothing was changed. Correct it, or commit without hooks.\n{printed[-MOST_OUTPUT:]}"
                )

    def _identity(self, author: str | None) -> dict[str, str]:
        """Return the variables that say who commits; none where git knows it."""
        if author is None:
            if self.knows_author():
                return {}
            raise InvalidRequest(
                "git does not know who you are; give --author 'NAME <MAIL>', which counts once."
            )
        matched = _AUTHOR.fullmatch(author)
        if not matched:
            raise InvalidRequest(f"{author!r} is not an author; write --author 'NAME <MAIL>'.")
        return {
            f"GIT_{role}_{part.upper()}": matched[part]
            for role in ("AUTHOR", "COMMITTER")
            for part in ("name", "email")
        }

    def _configured(self, name: str) -> str:
        try:
            return self.git.text("config", "--get", name, folder=self.folder).strip()
        except CondaStoreLabError:
            return ""

    def _address(self, remote: str) -> Address:
        url = self._configured(f"remote.{remote}.pushurl") or self._configured(f"remote.{remote}.url")
        if not url:
            raise NotFound(f"{self.folder} has no remote {remote}; add one, or save the change as a patch.")
        return parse_address(url)

    def _differing(self, paths: Sequence[str]) -> list[str]:
        listed = self.git.run(
            *("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths),
            folder=self.folder,
        )
        return [line[3:].decode("utf-8", "replace") for line in listed.split(b"\0") if line]

    def _has(self, ref: str) -> bool:
        return self.git.succeeds("rev-parse", "--verify", "--quiet", ref, folder=self.folder)

    @contextmanager
    def _index(self, paths: Sequence[str]) -> Iterator[dict[str, str]]:
        """Give an index of its own in which the files are staged, so that the user's stays as it is."""
        place = (
            self.folder / self.git.text("rev-parse", "--git-dir", folder=self.folder) / f"{BRANCHES}.index"
        )
        variables = {"GIT_INDEX_FILE": str(place.absolute())}
        try:
            self.git.run("read-tree", "HEAD", folder=self.folder, variables=variables)
            self.git.run("add", "--", *paths, folder=self.folder, variables=variables)
            yield variables
        finally:
            place.unlink(missing_ok=True)
