"""Virtual packages: what a locked package wants of the machine itself, looked at before anything is fetched.

Names and `CONDA_OVERRIDE_*` are conda's (CEP 30). `__archspec` is never compared: its builds are names of
processors, and a newer one runs what an older one does.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from ...errors import UnsuitableLockfile
from ...specifications.versions import satisfies
from .locked import LockedPackage

SECONDS = 10.0  # for a driver's own tool
_NVIDIA = Path("/proc/driver/nvidia/version")
_CUDA_VERSION = re.compile(r"CUDA Version\s*:?\s*(\d+\.\d+)")


def require_machine(packages: Iterable[LockedPackage]) -> None:
    """Raise UnsuitableLockfile where a package wants of the machine what it has not."""
    for package in packages:
        for spec in package.depends:
            name, _, wanted = spec.strip().partition(" ")
            if name in _DETECTED and not _meets(name, wanted.strip()):
                version = here(name)
                raise UnsuitableLockfile(
                    f"{package.name} {package.version} needs {spec.strip()}, but this machine has "
                    f"{f'{name} {version}' if version else f'no {name}'}; lock for this machine, or set "
                    f"CONDA_OVERRIDE_{name.strip('_').upper()} if that is wrong."
                )


def here(name: str) -> str | None:
    """Return the version of a virtual package on this machine, None without it."""
    override = os.environ.get(f"CONDA_OVERRIDE_{name.strip('_').upper()}")
    if override is not None:
        return override.strip() or None
    return _DETECTED[name]()


def _meets(name: str, wanted: str) -> bool:
    version = here(name)
    if version is None:
        return False
    constraint = wanted.split(" ")[0]  # what follows is a build string
    try:
        return not constraint or constraint == "*" or satisfies(version, constraint)
    except ValueError:
        return True  # what cannot be understood is no reason to refuse


def _glibc() -> str | None:
    library, version = platform.libc_ver()
    return version if library == "glibc" else None


def _linux() -> str | None:
    release = re.match(r"\d+(?:\.\d+)*", platform.release()) if sys.platform == "linux" else None
    return release[0] if release else None


def _osx() -> str | None:
    return platform.mac_ver()[0] if sys.platform == "darwin" else None


@lru_cache(maxsize=1)
def _cuda() -> str | None:
    if not _NVIDIA.exists():
        return None
    try:
        asked = subprocess.run(["nvidia-smi", "-q"], capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = _CUDA_VERSION.search(asked.stdout)
    return version[1] if version else None


_DETECTED: dict[str, Callable[[], str | None]] = {
    "__glibc": _glibc,
    "__linux": _linux,
    "__osx": _osx,
    "__cuda": _cuda,
    "__win": lambda: None,
    "__unix": lambda: "0",
}
