"""`jupyter conda-store solve`: which packages a specification comes to, with nothing built."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from ..models.quantities import show_size
from . import services
from .arguments import BUILD, named_build
from .command import Commands
from .specifications import read_source
from .terminal import print_json, print_table

if TYPE_CHECKING:
    from ..models import Changes


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add("solve", solve, "Solve a specification and show its packages; nothing is built.")
    sub.add_argument("file", metavar="FILE", help="an environment.yml; - is standard input")
    sub.add_argument("--since", metavar=BUILD, help="show what changes from that build instead")


def solve(options: argparse.Namespace) -> int:
    """Solve a specification on the server."""
    client = services.client()
    source = read_source(options.file, client.platform())
    if source.is_lockfile:
        raise InvalidRequest("A lockfile is solved already; build it with `jupyter conda-store env create`.")
    preview = client.preview(source.text, named_build(client, options.since) if options.since else None)
    if options.json:
        print_json(asdict(preview))
    elif preview.changes:
        print_changes(preview.changes)
    else:
        rows = [
            [package.name, package.version, package.build, package.channel or package.manager.value]
            for package in preview.packages
        ]
        print_table(["PACKAGE", "VERSION", "BUILD", "CHANNEL"], rows)
    if preview.size is not None and not options.json:
        print(f"{len(preview.packages)} packages, {show_size(preview.size)} to download")
    return 0


def print_changes(changes: Changes) -> None:
    """Print what changed, a package a line."""
    rows = [["+", package.name, "", package.version] for package in changes.added]
    rows += [["-", package.name, package.version, ""] for package in changes.removed]
    for sign, changed in (("up", changes.upgraded), ("down", changes.downgraded), ("again", changes.rebuilt)):
        rows += [[sign, package.name, package.old, package.new] for package in changed]
    if rows:
        print_table(["", "PACKAGE", "BEFORE", "AFTER"], rows)
    else:
        print("the packages stay the same")
