"""Wheels for this Python from whatever package index the user's pip is set up for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ...errors import LocalStoreError


def download_wheels(packages: Sequence[str], folder: Path) -> list[Path]:
    """Fetch wheels of `packages` and all that they need into `folder`, and return them.

    Raises LocalStoreError with pip's own last word on why it could not.
    """
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"]
    command = [*_pip(), "download", *options, "--dest", str(folder), *packages]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        errors = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        reason = (errors or run.stderr.strip().splitlines() or ["pip ended without a message."])[-1]
        raise LocalStoreError(
            "No conda channel can be reached, and pip could not fetch the packages for a local one: "
            + reason.removeprefix("ERROR: ").strip()
        )
    return sorted(folder.glob("*.whl"))


def _pip() -> list[str]:
    """Return a command that runs pip, the copy that comes with Python where none is installed."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    ensurepip = find_spec("ensurepip")
    if ensurepip and ensurepip.origin:
        for wheel in Path(ensurepip.origin).parent.glob("_bundled/pip-*.whl"):
            return [sys.executable, str(wheel / "pip")]
    raise LocalStoreError(
        "No conda channel can be reached, and this Python has no pip to fetch packages for a local one: "
        f"run `{sys.executable} -m ensurepip`, or install pip another way, and start again."
    )
