"""Local channels that were made for another Python or for other packages, and are not needed any more."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..errors import Conflict
from ..store.lock import is_held
from .channel_choice import local_key
from .local_server import LocalServer


def old_channels(store: LocalServer) -> tuple[Path, ...]:
    """Return the folders of such channels and of the packages that came from them.

    Only those in the store's own folder: one that was named for it may have other users.
    """
    paths, current = store.paths, local_key(store.settings.packages)
    channels = [made.parent for made in sorted(paths.channels.glob("*/made.json"))]
    old = [folder for folder in channels if folder.name != current]
    return tuple(path for folder in old for path in (folder, paths.packages / folder.name) if path.is_dir())


def remove_old_channels(store: LocalServer, folders: tuple[Path, ...]) -> None:
    """Remove what `old_channels` returned; Conflict while the store runs, which may be on one of them."""
    if folders and is_held(store.paths.lock):
        raise Conflict("The local store is running; stop it with `jupyter conda-store local stop` first.")
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
