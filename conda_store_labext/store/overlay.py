"""An overlay: what a user adds to a build, in a thin virtual environment over its copy.

    <folder>/                      made in one rename, beside the locks of `overlays.py`
        conda-store.json           the build it belongs to, and the project that it is kept for
        pyvenv.cfg                 makes it a virtual environment (PEP 405) that also has the copy's packages
        own-packages.txt           the versions in the copy, which uv does not look at itself, as constraints
    bin/python, python3...     links to the copy's
        bin/pip, pip3              pip of whatever Python the overlay has; nothing is written to the copy
        lib/python3.*/site-packages
            conda-store-prefix.pth   has a kernel look for data in the copy
        pip.conf               a link to the copy's, where it has one
        lib/R/library              where the copy has R

Its files name no path of its own, so that it can be made in a staging folder. This module runs under the
copy's own Python with the standard library alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..errors import CacheNotWritable
from .lock import FileLock

RECORD = "conda-store.json"
CONFIGURATION = "pyvenv.cfg"
OWN = "own-packages.txt"
HOME = "home = "  # before the folder of the copy's programs, in its first line
R_LIBRARY = Path("lib/R/library")
FOLDERS = ("o", "l", "s", "t")
PATIENCE = 10.0  # seconds to wait for who removes it just now

# A kernel has the copy as its `sys.prefix`, below which libraries look for what is no module: it is told so
# by this variable, which no program that it starts inherits.
SYS_PREFIX = "CONDA_STORE_LABEXT_SYS_PREFIX"
SYS_PREFIX_FILE = "conda-store-prefix.pth"
SYS_PREFIX_LINE = f"""\
import os, site, sys; prefix = os.environ.pop("{SYS_PREFIX}", ""); prefix and (\
site.PREFIXES.insert(0, sys.prefix), setattr(sys, "prefix", prefix), setattr(sys, "exec_prefix", prefix))
"""

PIP = """\
#!/bin/sh
exec "$(dirname "$0")/python" -m pip "$@"
"""
# Where the copy has no pip, `python -m pip` finds this instead.
STAND_IN = '''\
"""Runs the pip or uv of Jupyter's own Python on this environment, which has no pip."""

import os, shutil, sys
from pathlib import Path

program, arguments = {program!r}, sys.argv[1:]
runs = os.access(program, os.X_OK)
has_pip = runs and any(Path(program).parent.parent.glob("lib/python3*/site-packages/pip/__main__.py"))
uv = shutil.which("uv", path=os.pathsep.join([os.path.dirname(program), os.environ.get("PATH", "")]))
if has_pip:
    os.execv(program, [program, "-I", "-m", "pip", "--python", sys.executable, *arguments])
if uv:
    os.execv(uv, [uv, "pip", *arguments])
sys.exit("This environment has no pip; add pip to its specification, or install uv where Jupyter runs.")
'''


class Overlay(NamedTuple):
    """The place of a user's additions to a build; `folder` is made when it is first needed.

    `build` are the fields of the BuildRef. `program` is a Python whose pip is used for a copy that has none.
    """

    folder: Path
    build: Mapping[str, object]
    program: str = ""

    @property
    def bin(self) -> Path:
        """Its folder of programs."""
        return self.folder / "bin"

    @property
    def lock(self) -> FileLock:
        """The lock that is held shared from the choice of the overlay until what uses it runs."""
        return FileLock(self._home / "l" / f"{self.folder.name}.lock", shared=True)

    def hold(self, prefix: Path) -> FileLock | None:
        """Have it over the copy in `prefix`, and keep it from being removed until the lock is released.

        None where the file system has no locks. Raises OSError where it cannot be made.
        """
        for name in FOLDERS:
            (self._home / name).mkdir(0o700, parents=True, exist_ok=True)
        lock: FileLock | None = self.lock
        assert lock is not None
        with suppress(CacheNotWritable):
            lock.acquire_within(PATIENCE)
        try:
            self._have(prefix)
        except BaseException:
            lock.release()
            raise
        return lock if lock.held else None

    def renew(self) -> None:
        """Empty it in one step, so that whoever runs on it goes on; needs it to be there. Raises OSError."""
        from .layout import delete

        first = (self.folder / CONFIGURATION).read_text("utf-8").partition("\n")[0]
        prefix = Path(first.removeprefix(HOME)).parent
        staged, gone = self._staged(prefix), self._home / "t" / f"{self.folder.name}.{_random()}"
        try:
            self.folder.rename(gone)
            staged.rename(self.folder)
        finally:
            delete(staged)
            delete(gone)

    @property
    def _home(self) -> Path:
        return self.folder.parents[1]

    def _have(self, prefix: Path) -> None:
        if _fits(self.folder, prefix):
            return
        if self.folder.is_dir():  # made over another copy of the same build
            _link(self.folder, prefix)
            return
        from .layout import delete  # not for the many starts for which it is there

        staged = self._staged(prefix)
        try:
            staged.rename(self.folder)
        except OSError:
            if not _fits(self.folder, prefix):  # else another start was first
                raise
        finally:
            delete(staged)

    def _staged(self, prefix: Path) -> Path:
        from .layout import children

        staged = self._home / "s" / f"{self.folder.name}.{_random()}"
        staged.mkdir(0o700)
        for library in libraries(prefix):
            site = staged / "lib" / library.name / "site-packages"
            site.mkdir(parents=True)
            if not (library / "site-packages" / "pip").is_dir():
                (site / "pip").mkdir()
                (site / "pip/__init__.py").touch()
                (site / "pip/__main__.py").write_text(STAND_IN.format(program=self.program), "utf-8")
            lines = filter(None, map(_pinned, sorted(children(library / "site-packages"))))
            (staged / OWN).write_text("".join(lines), "utf-8")
        if (prefix / R_LIBRARY).is_dir():
            (staged / R_LIBRARY).mkdir(parents=True)
        (staged / "bin").mkdir()
        for name in ("pip", "pip3"):
            (staged / "bin" / name).write_text(PIP)
            (staged / "bin" / name).chmod(0o755)
        _link(staged, prefix)
        (staged / RECORD).write_text(json.dumps(dict(self.build), indent=1) + "\n", "utf-8")
        return staged


def constraints(folder: Path) -> dict[str, str]:
    """Return the variable that has uv keep to the versions of an overlay's copy."""
    file = folder / OWN
    # uv takes several files, separated by spaces, which an address has none of
    return {"UV_CONSTRAINT": file.as_uri() if " " in str(file) else str(file)} if file.exists() else {}


def libraries(prefix: Path) -> Iterator[Path]:
    """Yield the folder of an environment's standard library; nothing where it has no Python."""
    for file in sorted(prefix.glob("lib/python3*/os.py")):
        yield file.parent
        return


def libraries_of(folder: Path) -> Iterator[Path]:
    """Yield the folders in an overlay that hold its `site-packages`."""
    yield from folder.glob("lib/python3*")


def _pinned(record: Path) -> str | None:
    name, _, version = record.name.removesuffix(".dist-info").partition("-")
    return f"{name}=={version}\n" if record.name.endswith(".dist-info") and version else None


def _fits(folder: Path, prefix: Path) -> bool:
    """Tell whether an overlay is one over the copy in `prefix`."""
    try:
        text = (folder / CONFIGURATION).read_text("utf-8")
    except OSError:
        return False
    # what an earlier version of this package made has no such file
    files = (library / "site-packages" / SYS_PREFIX_FILE for library in libraries_of(folder))
    return text.startswith(f"{HOME}{prefix / 'bin'}\n") and all(file.exists() for file in files)


def _link(folder: Path, prefix: Path) -> None:
    """Have an overlay lie over the copy in `prefix`, whichever it lay over before."""
    from .files import replace_text

    version = next((library.name.removeprefix("python") for library in libraries(prefix)), "")
    for library in libraries_of(folder):
        replace_text(library / "site-packages" / SYS_PREFIX_FILE, SYS_PREFIX_LINE)
    if (prefix / "pip.conf").exists() and not os.path.lexists(folder / "pip.conf"):
        os.symlink(prefix / "pip.conf", folder / "pip.conf")  # noqa: PTH211  as below
    for program in sorted((prefix / "bin").glob("python*")):
        if program.name in ("python", "python3", f"python{version}"):
            link = folder / "bin" / f".{program.name}.{_random()}"
            os.symlink(program, link)  # noqa: PTH211  as `replace` below, of a link
            link.replace(folder / "bin" / program.name)
    replace_text(
        folder / CONFIGURATION,
        f"{HOME}{prefix / 'bin'}\ninclude-system-site-packages = true\nversion = {version.rstrip('t')}\n",
    )


def _random() -> str:
    return os.urandom(4).hex()
