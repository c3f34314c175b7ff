"""`jupyter conda-store prune` and `verify`: making room, and seeing that what is here is as it was."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..errors import NotFound
from ..models.quantities import parse_duration, parse_size, show_size
from ..models.reference import Reference
from .command import REFERENCE, Commands
from .services import configured_services
from .terminal import complain, print_json, print_table

if TYPE_CHECKING:
    from ..copies.prune import PruneSummary
    from ..copies.verify import Verification
    from ..store.records import StoredCopy

EXIT_CHANGED = 1
_WHY = {
    "deleted": "its build was deleted",
    "unused": "unused",
    "size": "to make room",
    "running": "runs",
    "recent": "was used just now",
    "busy": "is being made or used",
}


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add("prune", prune, "Remove local copies that are no longer used, and their kernels.")
    sub.add_argument(
        "--keep-size",
        metavar="SIZE",
        help="remove the least recently used until the rest takes at most SIZE, e.g. 20GB; "
        "by default CONDA_STORE_LABEXT_SIZE_LIMIT",
    )
    sub.add_argument("--unused-for", metavar="TIME", help="remove what was not used for TIME, e.g. 30d")
    sub.add_argument(
        "--deleted", action="store_true", help="remove copies of builds that the server no longer has"
    )
    sub.add_argument(
        "--channels",
        action="store_true",
        help="also remove channels that the local store made for another Python or for other packages",
    )
    sub.add_argument("--dry-run", action="store_true", help="only show what would go")

    sub = commands.add("verify", verify, "Check the files of local copies against their packages' records.")
    sub.add_argument("reference", nargs="?", metavar=REFERENCE, help="by default every copy that is here")


def prune(options: argparse.Namespace) -> int:
    """Remove copies as the options say; the server is asked only for what was deleted there."""
    from ..copies.prune import Policy, Pruner, deleted_copies
    from ..copies.size_limit import configured_limit

    services = configured_services()
    store = services.store
    policy = Policy(
        keep_size=parse_size(options.keep_size) if options.keep_size else configured_limit(),
        unused_for=parse_duration(options.unused_for) if options.unused_for else None,
        deleted=deleted_copies(services.upstream.client(), store.list()) if options.deleted else (),
    )
    # nothing goes before every option was understood
    channels = _prune_channels(options.dry_run) if options.channels else []
    summary = Pruner(store, services.registry).prune(policy, dry_run=options.dry_run)
    if options.json:
        print_json(asdict(summary) | ({"channels": channels} if options.channels else {}))
    else:
        _show(summary)
        for row in channels:
            print(f"{row['path']} ({show_size(int(row['bytes']))})")
    if summary.message:
        complain(summary.message)
    return 0


def _prune_channels(dry_run: bool) -> list[dict[str, str | int]]:
    from ..local import LocalServer
    from ..local.old_channels import old_channels, remove_old_channels
    from ..store.usage import Usage

    store = LocalServer()
    old = old_channels(store)
    rows: list[dict[str, str | int]] = [
        {"path": str(folder), "bytes": Usage({"": folder}).total} for folder in old
    ]
    if not dry_run:
        remove_old_channels(store, old)
    return rows


def verify(options: argparse.Namespace) -> int:
    """Check copies; 1 if one was changed."""
    from ..copies.verify import verify as verified

    checked = [(copy, verified(copy.prefix)) for copy in _chosen(options.reference)]
    if options.json:
        print_json([_identity(copy) | asdict(result) for copy, result in checked])
    else:
        for copy, result in checked:
            _show_verification(copy, result)
    return EXIT_CHANGED if any(result.changed or result.missing for _, result in checked) else 0


def _chosen(text: str | None) -> list[StoredCopy]:
    copies = configured_services().store.list()
    if text is None:
        return list(copies)
    reference = Reference.parse(text)
    chosen = [copy for copy in copies if reference.covers(copy)]
    if not chosen:
        raise NotFound(
            f"There is no local copy of {reference}; `jupyter conda-store list --here` lists them."
        )
    return chosen


def _show(summary: PruneSummary) -> None:
    rows = [
        [f"{row.namespace}/{row.environment}", str(row.build_id), _WHY[row.why], row.last_used_on, size]
        for rows, shown in ((summary.removed, True), (summary.kept, False))
        for row in rows
        for size in (show_size(row.bytes) if shown else "stays",)
    ]
    if rows:
        print_table(["ENVIRONMENT", "BUILD", "WHY", "LAST USED (UTC)", "FREES"], rows)
    for name in summary.kernels:
        print(f"kernel {name} belonged to an environment that is gone")
    verb = "would free" if summary.dry_run else "freed"
    print(f"{verb} {show_size(summary.bytes_freed)} of {show_size(summary.bytes_before)}")


def _identity(copy: StoredCopy) -> dict[str, object]:
    return {
        "key": copy.key,
        "server": copy.server,
        "namespace": copy.namespace,
        "environment": copy.environment,
        "build_id": copy.build_id,
        "prefix": str(copy.prefix),
    }


def _show_verification(copy: StoredCopy, result: Verification) -> None:
    states = (("changed", result.changed), ("missing", result.missing), ("unchecked", result.unchecked))
    for state, paths in states:
        for path in paths:
            print(f"{state:9}  {copy.prefix / path}")
    counts = ", ".join(f"{len(paths)} {state}" for state, paths in states if paths)
    name = f"{copy.namespace}/{copy.environment} #{copy.build_id}"
    print(f"{name}: {result.verified} files as their packages brought them" + (f", {counts}" * bool(counts)))
