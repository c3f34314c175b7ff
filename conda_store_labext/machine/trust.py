"""Whose an environment is: of a stranger's nothing runs before the user has said yes to it, once."""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Iterable
from pathlib import Path

from ..errors import NotTrusted
from ..store.trust import TrustFile
from .finder import MachineEnvironment
from .naming import printable
from .tracked import repository_of


def require_trusted(environment: MachineEnvironment, folders: Iterable[Path] = ()) -> None:
    """Raise NotTrusted for an environment that somebody else made, unless the user has said yes to it.

    What lies in `folders`, which a setting names, was said yes to with the setting.
    """
    path = environment.path
    why = _stranger(path)
    if (
        not why
        or any(path.is_relative_to(folder) for folder in folders)
        or _identity(path) in TrustFile().read().environments
    ):
        return
    raise NotTrusted(
        f"{environment.display_name} {why}, and what is in it would run. If you trust whoever made it, say "
        f"so in the panel or by `jupyter conda-store venv trust {shlex.quote(printable(str(path)))}`, then "
        "try again."
    )


def trust(environment: MachineEnvironment) -> None:
    """Remember that what is in an environment may run."""
    TrustFile().add(environment=_identity(environment.path))


def _stranger(path: Path) -> str:
    """Return what tells that an environment was made by somebody else; empty for the user's own."""
    real = Path(os.path.realpath(path))
    for folder in dict.fromkeys((path, real)):
        repository = repository_of(folder)
        if repository:
            return f"came with the git repository {printable(str(repository))}"
    owner = real.stat().st_uid
    if owner in (os.getuid(), 0):
        return ""
    try:
        return f"belongs to {pwd.getpwuid(owner).pw_name}"
    except KeyError:
        return f"belongs to another user ({owner})"


def _identity(path: Path) -> str:
    real = os.path.realpath(path)
    return f"{Path(real).stat().st_uid}:{real}"
