"""The user's consent: the repositories that may run code here, the packages that may be built.

<Jupyter's configuration folder>/conda_store_trust.json    mode 0600; missing or damaged means no
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir

from ..errors import os_errors_explained
from ..store.files import write_private_json
from ..store.lock import FileLock
from .address import Address

FILE = "conda_store_trust.json"
VERSION = 1
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


@dataclass(frozen=True)
class Trust:
    """The repositories, by their identity, and the packages, as `channel/name`, that were said yes to."""

    repositories: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()

    def new_packages(self, packages: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return those of the packages (name, channel) that nobody has said yes to, sorted by channel."""
        new = {(channel, name) for name, channel in packages if f"{channel}/{name}" not in self.packages}
        return tuple(sorted(new))


class TrustFile:
    """The user's own file."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or Path(jupyter_config_dir())) / FILE

    def read(self) -> Trust:
        """Return what it says; nothing where it is missing, damaged, or writable by others."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                state = os.fstat(file.fileno())
                if state.st_uid != os.getuid() or stat.S_IMODE(state.st_mode) & 0o022:
                    return Trust()
                content = json.load(file)
            if content["version"] != VERSION:
                return Trust()
            repositories, packages = content["repositories"], content["packages"]
            if not all(isinstance(text, str) for text in (*repositories, *packages)):
                return Trust()
            return Trust(frozenset(repositories), frozenset(packages))
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return Trust()

    def add(self, repository: str | None = None, packages: Iterable[tuple[str, str]] = ()) -> None:
        """Remember a yes to a repository's code, or to packages (name, channel)."""
        with os_errors_explained(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(f".{FILE}.lock")):
                before = self.read()
                repositories = before.repositories | ({repository} if repository else set())
                named = before.packages | {f"{channel}/{name}" for name, channel in packages}
                write_private_json(
                    self.path,
                    {"version": VERSION, "repositories": sorted(repositories), "packages": sorted(named)},
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
