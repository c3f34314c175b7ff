"""A repository's files, read by name and never through a link: of a commit, or as they lie in a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Protocol

from ..errors import InvalidRequest, NotFound
from .git import Git

MAX_SIZE = 4_000_000  # bytes of a manifest or notebook
REGULAR = ("100644", "100755", "100664")
SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".ipynb_checkpoints", ".venv", ".pixi"})
MOST_FILES = 20_000  # that a folder is searched for


class Files(Protocol):
    """Files by their paths from the root, with `/`."""

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all regular files, sorted."""

    def links(self) -> frozenset[str]:
        """Return the paths of what is a link, a submodule or anything else but a file."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes; NotFound or InvalidRequest when it is none that may be read."""


@dataclass(frozen=True)
class Entry:
    """The entry of a commit for a path: git's `mode` and the object's name."""

    mode: str
    name: str


class CommitFiles:
    """The files of a commit, fetched one by one where the repository in `folder` has them not yet."""

    def __init__(self, git: Git, folder: Path, commit: str) -> None:
        self._git, self._folder, self._commit = git, folder, commit

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Return what the commit has, by path."""
        listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", self._commit, folder=self._folder)
        entries = {}
        for line in listed.split(b"\0"):
            details, _, path = line.partition(b"\t")
            if path:
                mode, _, name = details.decode().split(" ")
                entries[path.decode("utf-8", "replace")] = Entry(mode, name)
        return entries

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all regular files, sorted."""
        return tuple(sorted(path for path, entry in self.entries.items() if entry.mode in REGULAR))

    def links(self) -> frozenset[str]:
        """Return the paths of links and submodules."""
        return frozenset(path for path, entry in self.entries.items() if entry.mode not in REGULAR)

    def read(self, path: str) -> bytes:
        """Return a file's bytes as the commit has them, without filters."""
        entry = self.entries.get(path)
        if entry is None:
            raise NotFound(f"{self._git.where} has no file {path}; check the name.")
        if entry.mode not in REGULAR:
            raise _linked(path)
        size = int(self._git.text("cat-file", "-s", entry.name, folder=self._folder))
        if size > MAX_SIZE:
            raise _too_large(path)
        return self._git.run("cat-file", "blob", entry.name, folder=self._folder)


class FolderFiles:
    """The files as they lie in a folder, with whatever changed since the last commit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    @cached_property
    def _walked(self) -> tuple[tuple[str, ...], frozenset[str]]:
        paths: list[str] = []
        links: set[str] = set()
        for parent, folders, names in os.walk(self._folder):
            place = Path(parent).relative_to(self._folder)
            linked = [name for name in folders if Path(parent, name).is_symlink()]
            folders[:] = sorted(set(folders) - set(linked) - SKIPPED)
            for name in (*names, *linked):
                path = str(PurePosixPath(place, name))
                if _is_regular(Path(parent, name)):
                    paths.append(path)
                else:
                    links.add(path)
            if len(paths) > MOST_FILES:
                break
        return tuple(sorted(paths)), frozenset(links)

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all regular files, sorted."""
        return self._walked[0]

    def links(self) -> frozenset[str]:
        """Return the paths of links, pipes and devices."""
        return self._walked[1]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; nothing on the way to it may be a link."""
        parts = PurePosixPath(path).parts
        if not parts or ".." in parts or path.startswith("/"):
            raise NotFound(f"There is no file {path} in {self._folder}; check the name.")
        for depth in range(1, len(parts) + 1):
            if self._folder.joinpath(*parts[:depth]).is_symlink():
                raise _linked(path)
        try:
            descriptor = os.open(
                self._folder.joinpath(*parts), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            )
        except OSError as error:
            raise NotFound(f"{path} cannot be read ({error.strerror}); check the name.") from None
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _linked(path)
            read = file.read(MAX_SIZE + 1)
        if len(read) > MAX_SIZE:
            raise _too_large(path)
        return read


def text_of(files: Files, path: str) -> str:
    """Return a file's text; InvalidRequest when it is none."""
    read = files.read(path)
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if read.startswith(mark):
            try:
                return read.decode(encoding)
            except UnicodeDecodeError:
                break
    raise InvalidRequest(f"{path} is not UTF-8 text; save it as UTF-8, then try again.")


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _linked(path: str) -> InvalidRequest:
    return InvalidRequest(
        f"{path} is a link or not a file, and links are not followed; put the file itself there."
    )


def _too_large(path: str) -> InvalidRequest:
    return InvalidRequest(
        f"{path} has more than {MAX_SIZE // 1_000_000} MB, so it is not read; check that file."
    )
