"""`jupyter conda-store namespace ...`: the namespaces of the server."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from . import services
from .command import Commands
from .terminal import confirm, print_json, print_table


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("namespace", "List, make and delete namespaces.")
    group.add("list", list_, "List the namespaces, with how many environments each has.")

    sub = group.add("create", create, "Make a namespace.")
    sub.add_argument("name", metavar="NAME")

    sub = group.add("delete", delete, "Delete a namespace with all its environments and builds.")
    sub.add_argument("name", metavar="NAME")
    sub.add_argument("--yes", action="store_true", help="do not ask")


def list_(options: argparse.Namespace) -> int:
    """List namespaces."""
    namespaces = services.client().namespaces()
    if options.json:
        print_json([asdict(namespace) for namespace in namespaces])
        return 0
    rows = [
        [
            namespace.name,
            str(namespace.environments),
            ", ".join(may.value.replace("_", " ") for may in namespace.may),
        ]
        for namespace in namespaces
    ]
    print_table(["NAMESPACE", "ENVIRONMENTS", "YOU MAY"], rows)
    return 0


def create(options: argparse.Namespace) -> int:
    """Make a namespace."""
    made = services.client().create_namespace(options.name)
    if options.json:
        print_json(asdict(made))
    else:
        print(f"made the namespace {made.name}")
    return 0


def delete(options: argparse.Namespace) -> int:
    """Delete a namespace once somebody has agreed."""
    client = services.client()
    confirm(f"Delete the namespace {options.name} with all that is in it, for everybody?", options.yes)
    client.delete_namespace(options.name)
    if options.json:
        print_json({"name": options.name})
    else:
        print(f"deleted the namespace {options.name}")
    return 0
