"""Adapting an environment to its path: this package's way against conda-unpack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.prefix import fix_prefix
from conda_store_labext.pipeline.tree import Tree


def extract(plain: Path, target: Path) -> None:
    """Write the files of a plain tar archive."""
    subprocess.run(["tar", "xf", plain, "-C", target], check=True)


def with_conda_unpack(prefix: Path) -> None:
    """Run the script that conda-pack left there, as it means to be run."""
    subprocess.run([sys.executable, prefix / "bin" / "conda-unpack"], check=True)


def ours(prefix: Path) -> None:
    """Do the same in this process."""
    with Tree(prefix) as tree:
        fix_prefix(tree, prefix, (), Limits())
