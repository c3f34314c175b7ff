"""`jupyter conda-store venv share`: an environment of this machine becomes one of conda-store's."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from ..errors import NotFound
from . import services
from .arguments import ENVIRONMENT, named_environment
from .command import Commands
from .machine_choice import chosen
from .services import configured_services
from .terminal import complain, confirm, print_json


def add_command(group: Commands) -> None:
    """Add the command to the group of `venv`."""
    sub = group.add(
        "share", share, "Build what an environment of this machine was asked for in conda-store, for all."
    )
    sub.add_argument("environment", metavar="FOLDER|NAME", help="an environment, or its project's folder")
    sub.add_argument("--as", dest="place", required=True, metavar=ENVIRONMENT)
    sub.add_argument("--dry-run", action="store_true", help="only print the specification")
    sub.add_argument("--yes", action="store_true", help="do not ask")


def share(options: argparse.Namespace) -> int:
    """Show the specification, ask, build, and have the project's new notebooks start on it."""
    from ..copies.promotion import shared
    from ..machine.asked import asked_for
    from ..notebooks.folder_default import write_default
    from .following import follow, succeeded

    place = named_environment(options.place)
    environment = chosen(configured_services().machine, options.environment)
    client = services.client()
    made = shared(place.environment, asked_for(environment.path), client)
    if made.left_out:
        complain(f"{', '.join(made.left_out)}: installed from files of this machine, so it is left out.")
    if options.dry_run:
        print_json(asdict(made)) if options.json else print(made.specification, end="")
        return 0
    print(made.specification, end="", file=sys.stderr)
    question = "Build it"
    try:
        client.environment(place.namespace, place.environment)
        question = f"{place} already exists; rebuild it with this"
    except NotFound:
        pass
    confirm(f"{question}?", options.yes)
    build_id = client.create_build(place.namespace, made.specification, environment=place.environment)
    succeeded(follow(client, build_id))
    file = write_default(environment.project, place) if environment.project else None
    if options.json:
        print_json({"build_id": build_id, "file": str(file) if file else None, **asdict(made)})
    else:
        print(f"{place} is on build {build_id}")
        if file:
            print(f"new notebooks of {file.parent} start on it, as {file} says now")
    return 0
