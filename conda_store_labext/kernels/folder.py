"""A folder of kernelspecs: each appears and goes in one step, whoever reads it meanwhile."""

from __future__ import annotations

import filecmp
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..store.lock import FileLock


class KernelspecFolder:
    """The kernelspecs below `path`; what is in the making lies beside it, named `staging` and more."""

    def __init__(self, path: Path, staging: str) -> None:
        self._path = path
        self._staging = staging

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one who changes the folder, and clear away what a killed program left behind."""
        with FileLock(self._path.parent / f"{self._staging}lock"):
            for left in self._path.parent.glob(f"{self._staging}*/"):
                shutil.rmtree(left, ignore_errors=True)
            yield

    def put(self, name: str, spec: Mapping[str, Any], add_logos: Callable[[Path], None]) -> None:
        """Write a kernelspec of that name in place of the one there is; OSError where that cannot be.

        One that is the same stays, so that it is never away for those who look for it just then.
        """
        staging = self._new()
        try:
            staging.chmod(0o755)
            (staging / "kernel.json").write_text(json.dumps(spec, indent=1), "utf-8")
            add_logos(staging)
            if not _same(staging, self._path / name):
                self.take_away(name)
                staging.rename(self._path / name)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def take_away(self, name: str) -> None:
        """Remove a kernelspec, so that nobody ever reads half of it; nothing where there is none."""
        if (self._path / name).exists():
            aside = self._new()
            (self._path / name).rename(aside / name)
            shutil.rmtree(aside, ignore_errors=True)

    def _new(self) -> Path:
        return Path(tempfile.mkdtemp(prefix=self._staging, dir=self._path.parent))


def _same(new: Path, old: Path) -> bool:
    """Tell whether two folders hold the same files."""
    names = {path.name for path in new.iterdir()}
    if not old.is_dir() or names != {path.name for path in old.iterdir()}:
        return False
    return not any(filecmp.cmpfiles(new, old, names, shallow=False)[1:])
