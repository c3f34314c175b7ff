"""Compiled modules as they lie beside their sources, so that an environment's first start is a quick one."""

from __future__ import annotations

import importlib.util
import marshal
import struct
import sys
import warnings
from pathlib import PurePosixPath

# Nobody imports them in ordinary work, and they are half of what pandas holds.
SELDOM_IMPORTED = frozenset({"tests", "test", "idle_test"})


def worth_compiling(path: str) -> bool:
    """Tell whether a package's file (a path with slashes) is a module that someone may import."""
    parts = PurePosixPath(path).parts
    return path.endswith(".py") and not SELDOM_IMPORTED & set(parts)


def bytecode_path(path: str) -> str:
    """Return where the running Python looks for a module's compiled form, `__pycache__/b.cpython-311.pyc`."""
    source = PurePosixPath(path)
    return str(source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc")


def bytecode(path: str, source: bytes, time: int) -> bytes | None:
    """Return a module's compiled form, null for what does not compile (templates, other Pythons' syntax).

    `time` is the source's, in seconds: the format is the ordinary one, valid as long as that is kept.
    A hash in its place would stand lost times, but costs each start of a kernel some 40 ms.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    flags, size = 0, len(source) & 0xFFFFFFFF
    return importlib.util.MAGIC_NUMBER + struct.pack("<III", flags, time, size) + marshal.dumps(code)
