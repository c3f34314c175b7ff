"""When an environment was last started, as far as the file system remembers.

A kernel that is started by its kernelspec alone tells nobody. But whoever starts a program reads it, and a
file system that keeps access times (`relatime`, the usual way, once a day) notes that. The programs looked at
are files of that one environment: none of them is ever linked to another's.
"""

from __future__ import annotations

import os
from pathlib import Path

PROGRAMS = ("python", "R")  # what kernels are usually started by


def last_started(prefix: Path) -> float:
    """Return when a program of the environment was last read, in seconds since 1970; 0 if unknown."""
    latest = 0.0
    try:
        if os.statvfs(prefix).f_flag & getattr(os, "ST_NOATIME", 0):
            return 0.0
        for program in PROGRAMS:
            file = prefix / "bin" / program
            if file.exists():
                latest = max(latest, file.stat().st_atime)
    except OSError:
        pass
    return latest
