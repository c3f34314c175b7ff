"""conda's settings, from the environment variables that conda itself reads."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

MACHINES = {"x86_64": "64", "amd64": "64", "i686": "32", "arm64": "aarch64"}


@dataclass(frozen=True)
class Context:
    """The places of channels and packages, and the platform they are for."""

    subdir: str
    channel_alias: str
    package_cache: Path

    def channel_url(self, channel: str) -> str:
        """Return a channel's address, its name put behind the alias where it is not one already."""
        return channel if "://" in channel else f"{self.channel_alias}/{channel}"


def native_subdir() -> str:
    """Return conda's name of this machine's platform."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "osx-arm64" if machine == "arm64" else "osx-64"
    return f"linux-{MACHINES.get(machine, machine)}"


context = Context(
    subdir=os.environ.get("CONDA_SUBDIR") or native_subdir(),
    channel_alias=os.environ["CONDA_CHANNEL_ALIAS"].rstrip("/"),
    package_cache=Path(os.environ["CONDA_PKGS_DIRS"]),
)
