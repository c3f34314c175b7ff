"""Clones that are opened again: the fixtures' types, a rewritten history, what is in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conda_store_labext.repositories.update import FolderState
from tests.repositories.origin import Origin, git

Clone = Callable[..., Path]
Again = Callable[..., FolderState]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but git's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def rewritten(origin: Origin, files: dict[str, str]) -> str:
    """Have the author amend the last commit and push it by force."""
    for name, text in files.items():
        (origin.work / name).write_text(text)
    git(origin.work, "add", "--all")
    git(origin.work, "commit", "--quiet", "--amend", "-m", "Another beginning")
    origin.push("--force", "origin", "HEAD")
    return git(origin.work, "rev-parse", "HEAD")
