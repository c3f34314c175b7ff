"""Packages that are to be written into a repository's manifest: for a look at the change, or for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import InvalidRequest, NotFound
from .edits import edited
from .files import FolderFiles
from .manifest import find_manifest


@dataclass
class Addition:
    """A manifest that lists further packages: it stays so once `stays` is set, else it becomes as it was."""

    manifest: str
    stays: bool = False


@contextmanager
def added(
    folder: Path, conda: Sequence[str], pip: Sequence[str], manifest: str | None = None
) -> Iterator[Addition | None]:
    """Have the manifest (by default the one in use) list packages; None where there are none to add.

    Raises NotFound without a manifest, and what `edited` raises.
    """
    if not (conda or pip):
        yield None
        return
    files = FolderFiles(folder)
    if manifest is None:
        in_use = find_manifest(files)
        if in_use is None:
            raise NotFound("The repository has no file that lists packages; make an environment.yml first.")
        manifest = in_use.path
    before = files.read(manifest)
    try:
        text = before.decode()
    except UnicodeDecodeError:
        raise InvalidRequest(f"{manifest} is not UTF-8 text; save it as UTF-8, then try again.") from None
    after = edited(manifest, text, conda, pip).encode()
    addition = Addition(manifest)
    try:
        (folder / manifest).write_bytes(after)
        yield addition
    finally:
        if not addition.stays:
            (folder / manifest).write_bytes(before)
