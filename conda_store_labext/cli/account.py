"""`jupyter conda-store status` and `token`: which server it is, and whom it takes us for."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ..models import Status
from ..quantities import show_size
from . import services
from .command import Commands
from .exitcodes import exit_code
from .terminal import complain, print_fields, print_json


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    commands.add("status", status, "Show which conda-store is in use, whether it answers, and what is here.")


def status(options: argparse.Namespace) -> int:
    """Show how things stand; 0 only if the server can be used."""
    from ..usage import Usage

    stands: Status = services.server().status()
    copies = services.store().list()
    size = Usage({copy.key: copy.prefix for copy in copies if copy.place == "own"}).total
    if options.json:
        print_json(asdict(stands) | {"copies": len(copies), "bytes": size})
    else:
        print_fields(
            {
                "server": stands.url or "none",
                "version": stands.version or "",
                "reachable": "yes" if stands.reachable else "no",
                "signed in": "yes" if stands.authenticated else "no",
                "local store": stands.local_store.message,
                "copies here": f"{len(copies)}, {show_size(size)}" if copies else "none",
            }
        )
    if stands.error is None:
        return 0
    complain(stands.error.message)
    return exit_code(stands.error.code)
