"""Files that are written whole, and for their owner alone."""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO


@contextmanager
def replaced(path: Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """Give a new file to write in binary, which takes the place of `path` in one step at the end.

    Readers see the old file or the new one; whatever is raised meanwhile, the old one stays and nothing is
    left beside it. `mode` is what the umask leaves of 0666 unless it is given. Raises OSError.
    """
    staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(staged, flags, 0o666 if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def replace_text(path: Path, text: str, mode: int | None = None) -> None:
    """Write a whole file in UTF-8 as `replaced` does."""
    with replaced(path, mode) as file:
        file.write(text.encode())


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 in one step: readers see the old one or the new one."""
    replace_text(path, text, 0o600)


def write_private_json(path: Path, content: dict[str, Any]) -> None:
    """Write an object as `write_private` does."""
    write_private(path, json.dumps(content, indent=1) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a file holds, an empty one where it is missing or cut short."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def read_small(path: Path, limit: int) -> bytes:
    """Return a regular file's bytes, `limit` at most; OSError for all else.

    Who reads what somebody else may have put there is not kept waiting by a pipe or a device.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise OSError(errno.EINVAL, "not a small regular file", str(path))
        return file.read(limit)


def fresh_log(path: Path) -> int:
    """Open a new log of mode 0600 for appending, the last one kept as `<name>.1`; return the descriptor."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
