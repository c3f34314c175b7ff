"""Environment variables of the server's processes, which alone see the stand-in for conda."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from .paths import StorePaths
from .process_groups import MARK

STANDIN = Path(__file__).parent / "standin"
COMMANDS = ("conda", "mamba")
# Other servers' credentials and other environments' settings are none of the server's business.
KEPT_OUT = ("CONDA_", "JPY_", "JUPYTER", "MAMBA_", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP")
LOOPBACK = "127.0.0.1,localhost"


def has_real_conda() -> bool:
    """Tell whether a conda or mamba is on PATH, or beside this Python."""
    return any(shutil.which(name, path=_search_path()) for name in COMMANDS)


def solver_command() -> str:
    """Return the command that solves: mamba where there is one."""
    real_mamba = shutil.which("mamba", path=_search_path())
    return "mamba" if real_mamba or not has_real_conda() else "conda"


def write_commands(paths: StorePaths) -> None:
    """Write `conda` and `mamba` over the stand-in, or remove them where there are real ones."""
    shutil.rmtree(paths.commands, ignore_errors=True)
    if has_real_conda():
        return
    paths.commands.mkdir()
    for name in COMMANDS:
        command = paths.commands / name
        command.write_text(
            f"#!/bin/sh\nCONDA_STANDIN_NAME={name} PYTHONPATH={shlex.quote(str(STANDIN))} "
            f'exec {shlex.quote(sys.executable)} -m conda "$@"\n',
            encoding="utf-8",
        )
        command.chmod(0o700)


def server_environment(paths: StorePaths, alias: str, packages: Path) -> dict[str, str]:
    """Return the environment variables of the server's processes.

    Where conda is only a command on PATH, its Python package is out of this interpreter's reach: what
    conda-store-server imports of it comes from the stand-in all the same, and the commands are the real ones.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_OUT)}
    search = [*([] if has_real_conda() else [str(paths.commands)]), _search_path()]
    modules = [*([] if find_spec("conda") else [str(STANDIN)]), *_own_source()]
    scratch = {"TMPDIR": str(paths.scratch)} if paths.scratch else {}
    return {
        **kept,
        **scratch,
        **{name: _with_loopback(os.environ.get(name, "")) for name in ("NO_PROXY", "no_proxy")},
        "CONDA_CHANNEL_ALIAS": alias,
        "CONDA_PKGS_DIRS": str(packages),
        "PATH": os.pathsep.join(search),
        "PYTHONPATH": os.pathsep.join(modules),
        "PYTHONUNBUFFERED": "1",
        "RATTLER_CACHE_DIR": str(paths.caches / "rattler"),
        "XDG_CACHE_HOME": str(paths.caches),
        MARK: str(paths.root),
    }


def own_environment() -> dict[str, str]:
    """Return this process's environment so that another Python finds this package, also in a source tree."""
    path = [*_own_source(), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **({"PYTHONPATH": os.pathsep.join(path)} if path else {})}


def _search_path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def _own_source() -> list[str]:
    """Return the folder that holds this package, nothing where it is an installed one."""
    folder = Path(__file__).resolve().parents[2]
    installed = {Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")}
    return [] if folder in installed else [str(folder)]


def _with_loopback(hosts: str) -> str:
    return f"{hosts},{LOOPBACK}" if hosts else LOOPBACK
