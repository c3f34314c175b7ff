"""Adapting an environment to its path: this package's way against conda-unpack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.prefix import fix_prefix
from conda_store_labext.pipeline.records import SCRIPT, read_records
from conda_store_labext.pipeline.tree import Tree

HELPER = "bin/conda_unpack_progress.py"  # a part of conda-pack's script since 0.9


def recorded(plain: Path, scratch: Path) -> list[str]:
    """Return the files that a plain tar archive's prefix records name, and conda-unpack itself."""
    extract(plain, [SCRIPT.decode()], scratch)
    with Tree(scratch) as tree:
        return [
            SCRIPT.decode(),
            HELPER,
            *dict.fromkeys(one.path.decode() for one in read_records(tree, Limits())),
        ]


def extract(plain: Path, names: list[str], target: Path) -> None:
    """Write some files of a plain tar archive."""
    listed = "\0".join(names).encode()
    subprocess.run(["tar", "xf", plain, "-C", target, "--null", "-T", "-"], input=listed, check=True)


def with_conda_unpack(prefix: Path) -> None:
    """Run the script that conda-pack left there, as it means to be run."""
    subprocess.run([sys.executable, prefix / "bin" / "conda-unpack"], check=True)


def ours(prefix: Path) -> None:
    """Do the same in this process."""
    with Tree(prefix) as tree:
        fix_prefix(tree, prefix, (), Limits())
