"""Limits beyond which an archive counts as an attack or a mistake, and of downloads at a time."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB
CONCURRENCY = 2  # environments that are fetched at a time


@dataclass(frozen=True)
class Limits:
    """Limits of one archive; each default lies far above the largest environments in use.

    Sizes are bytes. `ratio` (unpacked over packed) is looked at once `ratio_from` bytes are unpacked;
    `header` bounds one extended header, `records` the script that holds the prefix records, `depth` the
    folders above a file. `spare` is what stays free on the disk.
    """

    files: int = 500_000
    unpacked: int = 200 * GIB
    ratio: int = 100
    ratio_from: int = 64 * MIB
    path: int = 4096
    name: int = 255
    depth: int = 100
    header: int = 1 * MIB
    records: int = 32 * MIB
    spare: int = 32 * MIB
