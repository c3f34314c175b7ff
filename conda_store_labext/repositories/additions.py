"""Packages and a lockfile that are to be written into a repository: for a look at the change, or for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..copies.promotion import Lines, lines_of
from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..models import AdditionList
from ..specifications.conda_names import CHANNEL
from ..specifications.text import parse_yaml
from .edits import EDITABLE, edited
from .files import FolderFiles
from .locks import CONDA_LOCKS
from .manifest import Manifest, find_manifest
from .manifest_text import joined

LockOf = Callable[[Manifest], str]


@dataclass
class Addition:
    """The files (from the root) that are otherwise now: they stay so once `stays` is set."""

    files: list[str] = field(default_factory=list)
    stays: bool = False


@contextmanager
def added(
    folder: Path,
    conda: Sequence[str],
    pip: Sequence[str],
    manifest: str | None = None,
    lock: LockOf | None = None,
) -> Iterator[Addition]:
    """Have the manifest (by default the one in use) list packages, and a lockfile beside it.

    `lock` is given the manifest as it is then and returns the lockfile's text. All is as before in the end
    unless the addition `stays`. Raises NotFound without a manifest, what `edited` raises, and what `lock`
    raises.
    """
    addition = Addition()
    before: dict[Path, bytes | None] = {}

    def write(path: str, content: bytes) -> None:
        place = folder / path
        if place.is_symlink():
            raise InvalidRequest(f"{path} is a link, and nothing is written through a link; remove it first.")
        before[place] = place.read_bytes() if place.exists() else None
        place.write_bytes(content)
        if before[place] != content:
            addition.files.append(path)

    try:
        if conda or pip:
            manifest = manifest or manifest_in_use(folder)
            write(manifest, edited(manifest, _text(folder, manifest), conda, pip).encode())
        if lock is not None:
            to_lock = find_manifest(FolderFiles(folder), chosen=manifest or manifest_in_use(folder))
            assert to_lock is not None
            write(lockfile_beside(folder, to_lock.path), lock(to_lock).encode())
        yield addition
    finally:
        if not addition.stays:
            for place, content in before.items():
                if content is None:
                    place.unlink(missing_ok=True)
                else:
                    place.write_bytes(content)


def manifest_in_use(folder: Path) -> str:
    """Return the file that packages are written to: that in use, or what its lockfile was made from."""
    in_use = find_manifest(FolderFiles(folder))
    paths = [in_use.path, *(other.path for other in in_use.passed_over)] if in_use else []
    path = next((path for path in paths if PurePosixPath(path).name in EDITABLE), None)
    if path is not None:
        return path
    if paths:
        return paths[0]  # of which is said that it is not changed here
    raise NotFound("The repository has no file that lists packages; make an environment.yml first.")


def lines_for(folder: Path, manifest: str | None, listing: AdditionList) -> Lines:
    """Return what was added to an environment as lines of a manifest, by default of that in use."""
    manifest = manifest or manifest_in_use(folder)
    is_conda = PurePosixPath(manifest).name in ("environment.yml", "environment.yaml")
    channels = parse_yaml(_text(folder, manifest), "file").get("channels") if is_conda else None
    return lines_of(listing, by_conda=isinstance(channels, list) and CHANNEL in channels)


def lockfile_beside(folder: Path, manifest: str) -> str:
    """Return the path of the lockfile beside a manifest, whether it is there or not."""
    parent = str(PurePosixPath(manifest).parent)
    places = [joined("" if parent == "." else parent, name) for name in CONDA_LOCKS]
    return next((place for place in places if (folder / place).is_file()), places[0])


def lockfile_in(folder: Path) -> str | None:
    """Return the path of the lockfile beside the manifest that packages are written to, None without one."""
    try:
        path = lockfile_beside(folder, manifest_in_use(folder))
    except CondaStoreLabError:
        return None
    return path if (folder / path).is_file() else None


def _text(folder: Path, path: str) -> str:
    try:
        return FolderFiles(folder).read(path).decode()
    except UnicodeDecodeError:
        raise InvalidRequest(f"{path} is not UTF-8 text; save it as UTF-8, then try again.") from None
