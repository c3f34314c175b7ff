"""What conda calls the machine that this runs on."""

from __future__ import annotations

import platform
import sys

NOARCH = "noarch"
MACHINES = {"x86_64": "64", "amd64": "64", "i686": "32", "arm64": "aarch64"}


def this_platform() -> str:
    """Return conda's name of this machine's platform, such as `linux-64` or `osx-arm64`."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "osx-arm64" if machine == "arm64" else "osx-64"
    return f"linux-{MACHINES.get(machine, machine)}"
