"""Shared libraries that an interpreter brings along: which they are, and letting them find each other."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path


def own_libraries(binaries: Iterable[Path], base: Path) -> list[Path]:
    """Return the libraries below `base/lib` that any of `binaries` loads (Linux; elsewhere by their name).

    The system's own stay where they are: whoever runs the interpreter has them.
    """
    loaded = _loaded(list(binaries))
    if loaded is None:
        loaded = set((base / "lib").glob("libpython3*.dylib")) | set((base / "lib").glob("libpython3*.so*"))
    system = base in (Path("/usr"), Path("/"))
    own = {path for path in loaded if path.is_file() and path.resolve().is_relative_to(base / "lib")}
    return [] if system else sorted(own)


def relocated(binary: Path, base: Path, search: str) -> bytes:
    """Return a binary's bytes, debug information stripped and `base/lib` in its search path replaced.

    The entry is overwritten in its place, padded with NULs, so `search` must not be longer than it.
    """
    data = _stripped(binary)
    old, new = str(base / "lib").encode(), search.encode()
    at = data.find(b"\0" + old + b"\0")
    if not data.startswith(b"\x7fELF") or at < 0 or len(new) > len(old):
        return data
    start = at + 1
    return data[:start] + new.ljust(len(old), b"\0") + data[start + len(old) :]


def _loaded(binaries: list[Path]) -> set[Path] | None:
    """Return what the dynamic linker would load, null where it cannot be asked."""
    ldd = shutil.which("ldd")
    if not ldd:
        return None
    answer = subprocess.run([ldd, *map(str, binaries)], capture_output=True, text=True, check=False)
    return {Path(path) for path in re.findall(r"=> (/.+) \(0x", answer.stdout)}


def _stripped(binary: Path) -> bytes:
    strip = shutil.which("strip")
    if strip and binary.read_bytes()[:4] == b"\x7fELF":
        with tempfile.NamedTemporaryFile() as out:
            command = [strip, "--strip-debug", "-o", out.name, str(binary)]
            done = subprocess.run(command, capture_output=True, check=False).returncode == 0
            stripped = Path(out.name).read_bytes()
        if done and stripped:
            return stripped
    return binary.read_bytes()
