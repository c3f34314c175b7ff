"""`run`: a command with a prefix's programs first on its PATH."""

from __future__ import annotations

import os
import subprocess


def run(argv: list[str]) -> int:
    """Run the command behind the options and return its exit code."""
    prefix, rest = "", list(argv)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("-p", "--prefix") and rest:
            prefix = rest.pop(0)
    path = os.pathsep.join([f"{prefix}/bin", os.environ.get("PATH", os.defpath)])
    return subprocess.call(rest, env={**os.environ, "PATH": path, "CONDA_PREFIX": prefix})
