"""Builds whose folder in conda-store can be reached from this machine, and are used right there.

conda-store tells where it keeps a build; a table says where that lies on this machine. The folder is believed
only once it is seen to hold that very build, and nothing of it is ever written or removed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path, PurePosixPath

from ..client.client import CondaStoreClient
from ..models.build_ref import BuildRef
from ..pipeline.prefix import kernels
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore

Asked = Future[frozenset[tuple[str, str]]] | None

log = logging.getLogger(__name__)


class InPlace:
    """Finds builds in folders of conda-store's: `folders` has the server's paths and this machine's."""

    def __init__(self, folders: Mapping[str, str]) -> None:
        self._folders = {PurePosixPath(server): Path(here) for server, here in folders.items()}

    def __bool__(self) -> bool:
        """Tell whether any folder is listed."""
        return bool(self._folders)

    def ask(self, client: CondaStoreClient, build_id: int | None) -> Asked:
        """Ask for what `adopt` will look at, while other things are asked; None where it is not needed."""
        return client.packages(build_id) if self._folders and build_id is not None else None

    def adopt(
        self,
        client: CondaStoreClient,
        store: EnvironmentStore,
        build: BuildRef,
        packages: Asked = None,
    ) -> StoredCopy | None:
        """Have the store refer to a build's own folder; None, and why in the log, where that cannot be.

        `packages` are those of the build, where they were asked for already. Raises what `CondaStoreClient`
        raises, and CacheNotWritable.
        """
        if not self._folders:
            return None
        directory = client.directory(build.build_id)
        folder = self._here(PurePosixPath(directory)) if directory else None
        if not directory or folder is None:
            return None
        listed = packages or client.packages(build.build_id)
        reason = _why_not(folder, PurePosixPath(directory), listed.result())
        if reason:
            log.warning("%s of %s is not used in place: %s.", folder, build, reason)
            return None
        variables = client.variables(build.build_id)
        with store.lock(build.copy_key):
            return store.get(build.copy_key) or store.adopt(build, folder, variables)

    def _here(self, directory: PurePosixPath) -> Path | None:
        """Return where a folder of the server's lies on this machine, if it is there."""
        if ".." in directory.parts:
            return None
        for server, here in self._folders.items():
            if directory.is_relative_to(server):
                folder = here / directory.relative_to(server)
                try:
                    # a link out of the folder that was named leads to something that nobody vouched for
                    inside = folder.resolve(strict=True).is_relative_to(here.resolve(strict=True))
                except (OSError, RuntimeError):
                    continue
                if inside and folder.is_dir():
                    return folder.absolute()
        return None


def folders_in_place(listed: str | None = None) -> dict[str, str]:
    """Read `/on/the/server=/here` and `/on/both` from a list separated like PATH.

    By default that is CONDA_STORE_LABEXT_IN_PLACE.
    """
    text = os.environ.get("CONDA_STORE_LABEXT_IN_PLACE", "") if listed is None else listed
    pairs = (part.partition("=") for part in text.split(os.pathsep) if part)
    return {server: here or server for server, _, here in pairs}


def _why_not(folder: Path, directory: PurePosixPath, packages: frozenset[tuple[str, str]]) -> str | None:
    """Return in some words why a folder is not the build that it should be, None if it is."""
    meta = folder / "conda-meta"
    if not os.access(folder, os.R_OK | os.X_OK) or not os.access(meta / "history", os.R_OK):
        return "it cannot be read, or is no environment"
    installed = set()
    for record in meta.glob("*.json"):
        name, _, rest = record.stem.rpartition("-")[0].rpartition("-")
        installed.add((name, rest))
    if installed != packages:
        return "its packages are not those of the build"
    for kernel in kernels(folder):
        program = PurePosixPath(str(kernel.spec["argv"][0]))
        if program.is_absolute() and not any(map(program.is_relative_to, (directory, folder))):
            return "it was built for another path"
    return None
