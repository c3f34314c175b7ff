"""The table of names, and making it anew: `python -m conda_store_labext.specifications.names.table FILE`.

FILE is `files/v0/conda-forge/compressed_mapping.json` of https://github.com/prefix-dev/parselmouth
(BSD-3-Clause, see LICENSE beside the table): conda-forge's names, each with what it holds on PyPI.
A line of the table is a name on PyPI, and conda-forge's own behind it where that differs. Only names are in
it that lead to that package and to no other: `graphviz` on conda-forge is not `graphviz` on PyPI.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

FILE = Path(__file__).with_name("conda-forge.txt.gz")
# Of several packages that hold these, the one that people mean.
CHOSEN = {
    "docker": "docker-py",
    "kaleido": "python-kaleido",
    "msgpack": "msgpack-python",
    "opencv-python": "py-opencv",
    "pyqt5": "pyqt",
    "tables": "pytables",
    "torch": "pytorch",
}


@cache
def names() -> Mapping[str, str]:
    """Return conda-forge's names by those on PyPI, as an index compares them."""
    table: dict[str, str] = {}
    for line in gzip.decompress(FILE.read_bytes()).decode().splitlines():
        name, _, other = line.partition(" ")
        table[name] = other or name
    return table


def table_of(mapping: Mapping[str, list[str] | None]) -> dict[str, str]:
    """Return the names that are safe, from conda-forge's names with those on PyPI."""
    holding: dict[str, list[str]] = {}
    for conda, listed in mapping.items():
        for name in listed or ():
            holding.setdefault(canonicalize_name(name), []).append(conda)
    table: dict[str, str] = {}
    for name, packages in holding.items():
        equal = sorted(
            (conda for conda in packages if canonicalize_name(conda) == name), key=lambda each: each != name
        )
        alone = [
            conda
            for conda in packages
            if {canonicalize_name(other) for other in mapping[conda] or ()} == {name}
        ]
        if CHOSEN.get(name) in packages:
            table[name] = CHOSEN[name]
        elif equal:
            table[name] = equal[0]
        elif len(alone) == 1:
            table[name] = alone[0]
    return table


def write(source: Path, target: Path = FILE) -> int:
    """Make the table from a file of parselmouth's and return how many names it has."""
    table = table_of(json.loads(source.read_bytes()))
    lines = [name if name == conda else f"{name} {conda}" for name, conda in sorted(table.items())]
    # without a date, so that equal tables are equal files
    target.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    return len(lines)


if __name__ == "__main__":
    print(write(Path(sys.argv[1])), "names")
