"""The running CPython as a conda package.

bin/python3.11, python3, python       the interpreter
lib/python3.11/                       the standard library, compiled, without its tests
lib/libpython3.11.so.1.0, ...         libraries of the interpreter's own prefix that it loads
include/python3.11/                   headers
"""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import LocalStoreError
from .bytecode import bytecode, bytecode_path, worth_compiling
from .libraries import own_libraries, relocated
from .package import PLACEHOLDER, Member, Recipe

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
# A system's own prefix is no name to search and replace: /usr is part of half the paths in a text.
SYSTEM_PREFIXES = (Path("/usr"), Path("/"))
LEFT_OUT = frozenset(
    {"__pycache__", "site-packages", "dist-packages", "test", "tests", "idlelib", "turtledemo"}
)
# Marks a Python that pip must not touch (PEP 668), which an environment is not.
MANAGED = "EXTERNALLY-MANAGED"


@dataclass(frozen=True)
class Interpreter:
    """The places of the parts of an installed CPython; `library` is lib or lib64 in the prefix."""

    base: Path
    binary: Path
    stdlib: Path
    headers: Path
    library: str
    debian: bool

    @property
    def version(self) -> str:
        """The version in conda's spelling, `3.11.7` or `3.13.0rc1`."""
        return platform.python_version().rstrip("+")


def running_interpreter() -> Interpreter:
    """Describe the running CPython, its base where this is a virtual environment.

    Raises LocalStoreError where it is not CPython or its parts are not laid out as in a prefix.
    """
    base = Path(os.path.realpath(sys.base_prefix))
    stdlib = Path(os.path.realpath(sysconfig.get_path("stdlib")))
    binary = Path(os.path.realpath(base / "bin" / f"python{VERSION}"))
    complete = binary.is_file() and (stdlib / "os.py").is_file() and (stdlib / "lib-dynload").is_dir()
    relocatable = not sysconfig.get_config_var("PYTHONFRAMEWORK") and sys.implementation.name == "cpython"
    if not (complete and relocatable):
        raise LocalStoreError(
            f"The Python at {base} cannot be made into a conda package because of how it is laid out: "
            "let this machine reach a conda channel, or use a CPython from uv, pyenv, Debian or conda."
        )
    return Interpreter(
        base=base,
        binary=binary,
        stdlib=stdlib,
        headers=Path(sysconfig.get_path("include", vars={"installed_base": str(base), "base": str(base)})),
        library=sys.platlibdir,
        debian="deb_system" in sysconfig.get_scheme_names(),
    )


def recipe(interpreter: Interpreter, subdir: str) -> Recipe:
    """Return the package that an interpreter becomes."""
    return Recipe(
        name="python",
        version=interpreter.version,
        build="0_cpython",
        subdir=subdir,
        license="Python-2.0",
        summary=f"CPython from {interpreter.base}",
    )


def members(interpreter: Interpreter) -> Iterator[Member]:
    """Yield an interpreter's files at their places in a prefix."""
    binary = f"python{VERSION}"
    data = relocated(interpreter.binary, interpreter.base, "$ORIGIN/../lib")
    yield Member(f"bin/{binary}", data, executable=True)
    yield Member("bin/python3", link=binary)
    yield Member("bin/python", link=binary)
    dynamic = (interpreter.stdlib / "lib-dynload").glob("*.so")
    for library in own_libraries([interpreter.binary, *dynamic], interpreter.base):
        yield Member(f"lib/{library.name}", relocated(library, interpreter.base, "$ORIGIN"), executable=True)
    for path, file in _files(interpreter.stdlib):
        yield from _library_file(interpreter, f"{interpreter.library}/python{VERSION}/{path}", file)
    for path, file in _files(interpreter.headers):
        yield Member(f"include/python{VERSION}/{path}", file.read_bytes())
    yield Member(f"lib/python{VERSION}/site-packages/README.txt", b"Packages live here.\n")
    if interpreter.debian:
        # Debian's `site` knows site-packages in virtual environments alone.
        yield Member("lib/python3/dist-packages", link=f"../python{VERSION}/site-packages")


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder with their paths in it, links followed and broken ones left out."""
    for folder, folders, files in os.walk(root, followlinks=True):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        for name in sorted(files):
            file = Path(folder, name)
            # config-3.11-*/ holds the library once more, for linking against
            linkable = name.endswith(".a") or (name.startswith("libpython") and "config-" in folder)
            if name != MANAGED and not linkable and file.is_file():
                yield file.relative_to(root).as_posix(), file


def _library_file(interpreter: Interpreter, path: str, file: Path) -> Iterator[Member]:
    data, time = file.read_bytes(), int(file.stat().st_mtime)
    base = str(interpreter.base).encode()
    about_the_build = file.name.startswith("_sysconfigdata") or file.name in {"Makefile", "python-config.py"}
    if about_the_build and interpreter.base not in SYSTEM_PREFIXES and base in data:
        yield Member(path, data.replace(base, PLACEHOLDER.encode()), has_prefix=True, time=time)
        return
    yield Member(path, data, executable=os.access(file, os.X_OK), time=time)
    compiled = bytecode(path, data, time) if worth_compiling(path) else None
    if compiled:
        yield Member(bytecode_path(path), compiled, time=time)
