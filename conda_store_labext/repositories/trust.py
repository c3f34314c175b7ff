"""Strangers' repositories: which are none, and what in the others runs before anybody has said yes."""

from __future__ import annotations

import os
from collections.abc import Iterable

from .address import Address

# Modules that a kernel imports when it starts and that a file beside the notebook can take the place of.
STARTS_WITH_A_KERNEL = frozenset(
    (
        "ipykernel_launcher.py",
        "ipykernel.py",
        "code.py",
        "email.py",
        "random.py",
        "select.py",
        "sitecustomize.py",
    )
)


def is_own(address: Address) -> bool:
    """Tell whether a repository lies on this machine and belongs to the user, whose code it then is."""
    folder = address.folder
    if folder is None:
        return False
    try:
        return folder.stat().st_uid == os.getuid()
    except OSError:
        return False


def starts_with_a_kernel(paths: Iterable[str], folder: str) -> tuple[str, ...]:
    """Return the files that a kernel runs as it starts in a folder, before any cell."""
    prefix = f"{folder}/" if folder else ""
    return tuple(
        path for path in paths if path.startswith(prefix) and path[len(prefix) :] in STARTS_WITH_A_KERNEL
    )


def tracked_environments(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of a repository that pass for environments, which are never chosen by themselves."""
    marks = ("/pyvenv.cfg", "/conda-meta/history")
    return tuple(
        sorted({path.removesuffix(mark) for path in paths for mark in marks if f"/{path}".endswith(mark)})
    )
