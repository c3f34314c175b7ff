"""Conda's names of platforms."""

from __future__ import annotations

import platform
import sys

NOARCH = "noarch"

_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}
_LINUX = {"x86_64": "64", "amd64": "64", "i386": "32", "i686": "32", "arm64": "aarch64"}
_OTHERS = {"x86_64": "64", "amd64": "64", "x86": "32", "aarch64": "arm64"}


def this_platform() -> str:
    """Return conda's name of this machine's platform, such as `linux-64`, `linux-aarch64` or `osx-arm64`."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    return f"{system}-{(_LINUX if system == 'linux' else _OTHERS).get(machine, machine)}"
