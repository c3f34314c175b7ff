"""The lockfile that is written back: of a build that is named, else of one of the repository's manifest."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CondaStoreLabError, NotFound
from .arguments import named_build
from .consent import build_of_manifest
from .services import configured_services

if TYPE_CHECKING:
    from ..repositories.additions import LockOf
    from ..repositories.manifest import Manifest


def lock_of(folder: Path, options: argparse.Namespace) -> LockOf:
    """Return what makes a lockfile's text; it builds the manifest if need be, once somebody agrees."""
    from ..repositories.environment import built_of
    from ..repositories.locking import lockfile_of

    def text(manifest: Manifest) -> str:
        services = configured_services()
        client = services.upstream.client()
        client.require_authenticated()
        if options.lock:
            build_id = named_build(client, options.lock)
        else:
            choice = built_of(services, manifest, name_of(folder))
            if choice.reference is not None:
                reference = choice.reference
                build_id = client.launchable(reference.namespace, reference.environment, None).id
            elif choice.target is None:
                raise NotFound(choice.message)
            else:
                build_id = build_of_manifest(
                    services,
                    choice,
                    manifest,
                    str(folder),
                    yes=options.yes,
                    quiet=options.json,
                    option="--yes",
                )
        return lockfile_of(client, build_id, manifest.path)

    return text


def name_of(folder: Path) -> str:
    """Return the name of the repository in a folder: its origin's, else the folder's."""
    from ..repositories.address import parse_address
    from ..repositories.git import Git

    try:
        url = Git(str(folder)).text("config", "--get", "remote.origin.url", folder=folder)
        return parse_address(url).name
    except CondaStoreLabError:
        return folder.name
