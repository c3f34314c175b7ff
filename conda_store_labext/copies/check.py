"""Findings about what this machine has for copies: the folder, its disk, the stores in front, the server."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..client.check import server_findings
from ..errors import InvalidRequest, NotConfigured
from ..models.findings import Finding, note, ok, problem
from ..models.quantities import show_size
from ..pipeline.sharing import can_clone
from ..store.disk import file_system
from ..store.layout import prepare
from .services import Services

LITTLE = 5_000_000_000  # bytes; a large environment takes half of it
NETWORK_DISKS = ("nfs", "cifs", "smb", "lustre", "gpfs", "beegfs", "ceph", "fuse.sshfs", "9p", "afs")
LONGEST = 180  # characters of a prefix: conda leaves room for 255, and paths in an environment go on


def machine_findings(services: Services) -> Iterator[Finding]:
    """Yield findings about the folder for copies, the stores in front of it, and the server in use."""
    yield from _folder(services.settings.root)
    for shared in services.settings.shared:
        yield _shared(shared)
    yield from _server(services)


def _server(services: Services) -> Iterator[Finding]:
    try:
        client = services.upstream.client()
    except NotConfigured:
        state = services.upstream.local.status()
        yield problem(
            "server",
            "No conda-store is configured.",
            f"Set CONDA_STORE_URL, or start a local store. {state.message}",
        )
    except InvalidRequest as error:
        yield problem("server", f"The configuration cannot work: {error}", "Correct that setting.")
    else:
        yield from server_findings(client)


def _folder(root: Path) -> Iterator[Finding]:
    """Yield whether copies can be made in the store's folder, and how well its disk suits them."""
    try:
        prepare(root)
        trial = root / f".{secrets.token_hex(8)}"
        trial.write_bytes(b"x")
    except OSError as error:
        yield problem(
            "folder",
            f"{root} cannot be written: {error.strerror or error}.",
            "Set CONDA_STORE_LABEXT_FOLDER to a folder that can.",
        )
        return
    try:
        kind = file_system(root)
        free = shutil.disk_usage(root).free
        message = f"Copies lie in {root} ({kind}, {show_size(free)} free)."
        if free < LITTLE:
            yield note(
                "folder", message, "Remove copies with `jupyter conda-store prune`, or choose another disk."
            )
        else:
            yield ok("folder", message)
        yield from _disk(root, kind, trial)
    finally:
        with suppress(OSError):
            trial.unlink()


def _disk(root: Path, kind: str, trial: Path) -> Iterator[Finding]:
    if os.statvfs(root).f_flag & getattr(os, "ST_NOEXEC", 0):
        yield problem(
            "programs",
            f"The disk of {root} does not let programs run (it is mounted noexec).",
            "Set CONDA_STORE_LABEXT_FOLDER to a folder on another disk.",
        )
    if kind.startswith(NETWORK_DISKS):
        yield note(
            "network disk",
            f"{root} is on a network disk, which makes many small files slow.",
            "Set CONDA_STORE_LABEXT_FOLDER to a local disk if there is one.",
        )
    if len(str(root)) > LONGEST:
        yield problem(
            "path",
            f"The path of {root} is too long for the programs of an environment.",
            "Set CONDA_STORE_LABEXT_FOLDER to a shorter one.",
        )
    beside = trial.with_suffix(".link")
    try:
        os.link(trial, beside)
        beside.unlink()
        links = "hard links"
    except OSError:
        links = ""
    ways = [*(["reflinks"] if can_clone(root) else []), *([links] if links else [])]
    if ways:
        yield ok("shared files", f"Environments share files that are the same by {' and '.join(ways)}.")
    else:
        yield note(
            "shared files", "This disk knows no links: environments share no files, each takes all its space."
        )


def _shared(root: Path) -> Finding:
    about = "store in front"
    if os.access(root, os.R_OK | os.X_OK):
        return ok(about, f"{root} can be read.")
    return problem(
        about,
        f"{root} {'cannot be read' if root.exists() else 'does not exist'}.",
        "Check CONDA_STORE_LABEXT_SHARED, or ask who looks after that folder.",
    )
