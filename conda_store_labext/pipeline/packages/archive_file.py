"""An archive that lies on this machine, read as if a server gave it."""

from __future__ import annotations

from pathlib import Path

from ...errors import InvalidRequest
from ..download import ArchiveSource


class FileBody:
    """An open file, from a byte on."""

    validator = "the file"

    def __init__(self, path: Path, offset: int) -> None:
        self.offset = offset
        self._file = path.open("rb")
        self._file.seek(offset)
        self.total: int | None = path.stat().st_size

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end."""
        return self._file.read(size)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def opened(path: Path) -> ArchiveSource:
    """Return what opens a file for `pipeline.download`; InvalidRequest where it cannot be read."""

    def source(offset: int, validator: str | None) -> FileBody:
        try:
            return FileBody(path, offset)
        except OSError as error:
            raise InvalidRequest(f"{path} cannot be read ({error.strerror}); name a file that can.") from None

    return source
