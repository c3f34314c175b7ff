"""The user's consent: what of other people may run code here, and the packages that may be built.

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

from ..errors.os_errors import os_errors_explained
from .files import write_private_json
from .lock import FileLock

FILE = "conda_store_trust.json"
VERSION = 1


@dataclass(frozen=True)
class Trust:
    """All that was said yes to.

    Repositories by their identity, packages as `channel/name`, environments as `owner:folder` with the
    number of the user whose they are.
    """

    repositories: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()

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
            # without environments in what earlier versions wrote
            listed = content["repositories"], content["packages"], content.get("environments", [])
            if not all(isinstance(text, str) for texts in listed for text in texts):
                return Trust()
            return Trust(*map(frozenset, listed))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return Trust()

    def add(
        self,
        repository: str | None = None,
        packages: Iterable[tuple[str, str]] = (),
        environment: str | None = None,
    ) -> None:
        """Remember a yes to a repository's or an environment's code, or to packages (name, channel)."""
        with os_errors_explained(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(f".{FILE}.lock")):
                before = self.read()
                repositories = before.repositories | ({repository} if repository else set())
                named = before.packages | {f"{channel}/{name}" for name, channel in packages}
                environments = before.environments | ({environment} if environment else set())
                write_private_json(
                    self.path,
                    {
                        "version": VERSION,
                        "repositories": sorted(repositories),
                        "packages": sorted(named),
                        "environments": sorted(environments),
                    },
                )
