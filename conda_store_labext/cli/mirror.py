"""`jupyter conda-store mirror`: a folder that many read, with the active builds of namespaces."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..copies.progress import ProgressLine
from ..errors import CondaStoreLabError, NotFound
from ..models.quantities import parse_duration
from . import services
from .command import Commands
from .terminal import complain, print_json, print_table

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..models import Environment

KEPT = "7d"


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "mirror",
        mirror,
        "Keep a folder that others read (CONDA_STORE_LABEXT_SHARED) filled with the active builds.",
    )
    sub.add_argument("--namespace", action="append", required=True, metavar="NAME", help="may be repeated")
    sub.add_argument("--into", required=True, type=Path, metavar="FOLDER", help="made if it is missing")
    sub.add_argument(
        "--keep-for",
        default=KEPT,
        metavar="TIME",
        help="how long what is no longer an active build stays for kernels of other machines; "
        f"{KEPT} by default. What runs on this machine stays in any case",
    )
    sub.add_argument("--dry-run", action="store_true", help="only show what would be done")


def mirror(options: argparse.Namespace) -> int:
    """Bring the folder up to date; 1 if something could not be, the rest is done all the same."""
    from ..copies.mirror import FAILED, Mirror, mirror_services

    keep_for = parse_duration(options.keep_for)
    line = ProgressLine()
    own = mirror_services(services.configured_services(line.copy), options.into.absolute())
    try:
        client = own.upstream.client()
        client.require_authenticated()
        listed, unreadable = _listed(client, list(dict.fromkeys(options.namespace)))
        rows = Mirror(own).update(listed, keep_for, dry_run=options.dry_run)
    finally:
        own.close()
        line.clear()
    for name, error in unreadable.items():
        complain(f"{name}: {error}")
    if options.json:
        print_json([asdict(row) for row in rows])
    else:
        cells = [
            [row.state, f"{row.namespace}/{row.environment}", str(row.build_id or "-"), row.why]
            for row in sorted(rows, key=lambda row: (row.namespace, row.environment, row.build_id or 0))
        ]
        print_table(["STATE", "ENVIRONMENT", "BUILD", "WHY"], cells)
    return int(bool(unreadable) or any(row.state == FAILED for row in rows))


def _listed(
    client: CondaStoreClient, namespaces: list[str]
) -> tuple[dict[str, list[Environment]], dict[str, CondaStoreLabError]]:
    """Return the environments of namespaces, and why the others cannot be read: nothing goes there."""
    shown = {namespace.name for namespace in client.namespaces()}
    listed: dict[str, list[Environment]] = {}
    unreadable: dict[str, CondaStoreLabError] = {}
    for name in namespaces:
        try:
            if name not in shown:
                raise NotFound(
                    f"conda-store at {client.connection.url} has no namespace of this name that you can "
                    "see; nothing of it was changed."
                )
            listed[name] = services.environments(client, namespace=name)
        except CondaStoreLabError as error:
            unreadable[name] = error
    return listed, unreadable
