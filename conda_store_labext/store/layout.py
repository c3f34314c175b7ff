"""The store's folders: making them, looking into them, deleting what lies in them."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

VERSION = "v1"
# the variable that chooses the folder
FOLDER_VARIABLE = "CONDA_STORE_LABEXT_FOLDER"
# among the arguments of a process that makes byte code in a copy
COMPILING = "conda-store: byte code"
FOLDERS = ("e", "m", "a", "c", "k", "l", "p", "s", "t")
TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# conda-store environments unpacked by conda_store_labext; all of it can be fetched again.\n"
)


def checksums_of(prefix: Path) -> Path:
    """Return the file with the checksums of the copy in `prefix`; there is none for one in place."""
    return prefix.parents[1] / "c" / prefix.name


def known_of(prefix: Path) -> Path:
    """Return the file with what is known of the packages of the copy in `prefix`."""
    return prefix.parents[1] / "k" / f"{prefix.name}.json"


def lock_of(prefix: Path) -> Path:
    """Return the file with the lock of the copy in `prefix`, which whoever holds keeps from being removed."""
    return prefix.parents[1] / "l" / f"{prefix.name}.lock"


def prepare(root: Path) -> None:
    """Make the folders below `root` as far as they are missing; OSError where that cannot be."""
    if not root.is_dir():
        root.mkdir(0o700, parents=True, exist_ok=True)
    mode, home = root.stat().st_mode & 0o755, root / VERSION
    for folder in (home, *(home / name for name in FOLDERS)):
        if not folder.is_dir():
            folder.mkdir(mode, exist_ok=True)
    tag = home / "CACHEDIR.TAG"
    if not tag.exists():
        tag.write_text(TAG, encoding="utf-8")


def children(folder: Path) -> tuple[Path, ...]:
    """Return what lies in a folder; nothing where it cannot be read."""
    try:
        return tuple(folder.iterdir())
    except OSError:
        return ()


def aside(prefix: Path) -> Path | None:
    """Take the copy in `prefix` away in one rename; return the folder to delete, None where there is none."""
    trash = prefix.parents[1] / "t" / f"{prefix.name}.{secrets.token_hex(4)}"
    try:
        prefix.rename(trash)
    except FileNotFoundError:
        return None
    return trash


def delete(folder: Path) -> None:
    """Delete a tree as far as that is possible; what is left over is swept the next time."""
    shutil.rmtree(folder, ignore_errors=True)
