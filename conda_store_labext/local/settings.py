"""Settings of the local conda-store, environment variables giving the defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CONDA_FORGE_ALIAS = "https://conda.anaconda.org"
DEFAULT_PACKAGES = ("ipykernel", "numpy", "pandas", "pip", "setuptools", "wheel")


@dataclass(frozen=True)
class LocalSettings:
    """Settings for where packages come from.

    `channel` is `auto` (conda-forge when it can be reached, else a local channel), `conda-forge`, `local`,
    or the address under which a mirror has its channels (CONDA_STORE_LOCAL_CHANNEL). `packages` go into a
    local channel with all that they need, as pip requirements (CONDA_STORE_LOCAL_PACKAGES, by spaces, in
    addition to the usual ones). `channels` is the folder of the local channels, null for the store's own
    (CONDA_STORE_LOCAL_CHANNELS).
    """

    channel: str = "auto"
    packages: tuple[str, ...] = DEFAULT_PACKAGES
    channels: Path | None = None

    @classmethod
    def from_environment(cls) -> LocalSettings:
        """Read the environment variables."""
        more = os.environ.get("CONDA_STORE_LOCAL_PACKAGES", "").split()
        folder = os.environ.get("CONDA_STORE_LOCAL_CHANNELS")
        return cls(
            channel=os.environ.get("CONDA_STORE_LOCAL_CHANNEL") or "auto",
            packages=tuple(dict.fromkeys([*DEFAULT_PACKAGES, *more])),
            channels=Path(folder).absolute() if folder else None,
        )
