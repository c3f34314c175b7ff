"""The disk that a folder is on."""

from __future__ import annotations

from pathlib import Path

import psutil


def file_system(folder: Path) -> str:
    """Return the name of the file system that a folder is on, e.g. `ext4`; `unknown` where nobody says."""
    resolved = folder.resolve()
    mounts = [
        (len(mount.mountpoint), mount.fstype)
        for mount in psutil.disk_partitions(all=True)
        if resolved.is_relative_to(mount.mountpoint)
    ]
    return max(mounts, default=(0, ""))[1] or "unknown"
