"""Settings of a run of the benchmark, by environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SMALL_ROUNDS, FULL_ROUNDS = 2, 5


@dataclass(frozen=True)
class Settings:
    """`folder` holds everything that is made (BENCH_FOLDER, best a tmpfs) and what is kept for the next run.

    `rounds` (BENCH_ROUNDS) are timed after one that warms up; `quick` (BENCH=small) leaves out the big
    environment. `client` is the version of the conda-store client to compare with.
    """

    folder: Path
    rounds: int
    quick: bool
    client: str = "2025.2.2"

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the variables."""
        memory = Path("/dev/shm")
        folder = (memory if memory.is_dir() else Path("/tmp")) / "conda-store-labext-bench"
        quick = os.environ.get("BENCH") == "small"
        return cls(
            Path(os.environ.get("BENCH_FOLDER") or folder).absolute(),
            int(os.environ.get("BENCH_ROUNDS") or (SMALL_ROUNDS if quick else FULL_ROUNDS)),
            quick,
        )
