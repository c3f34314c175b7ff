"""`jupyter conda-store lock` and `rebuild`: a notebook's environment, kept beside it and made again."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import services
from .arguments import ENVIRONMENT, named_environment
from .command import Commands
from .terminal import print_json


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add("lock", lock, "Write the lockfile of the build that a notebook ran on beside it.")
    sub.add_argument("notebook", type=Path, metavar="NOTEBOOK")

    sub = commands.add("rebuild", rebuild, "Have a notebook's lockfile built on the server in use.")
    sub.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    sub.add_argument(
        "--as", dest="place", metavar=ENVIRONMENT, help="by default the environment that it ran on"
    )


def lock(options: argparse.Namespace) -> int:
    """Write the lockfile."""
    from ..notebooks.lockfile import lock_notebook

    path = lock_notebook(options.notebook, services.client())
    if options.json:
        print_json({"lockfile": str(path)})
    else:
        print(f"wrote {path}")
    return 0


def rebuild(options: argparse.Namespace) -> int:
    """Start the build; it goes on by itself."""
    from ..notebooks.lockfile import rebuild_notebook

    place = named_environment(options.place) if options.place else None
    build_id = rebuild_notebook(options.notebook, services.client(), place)
    if options.json:
        print_json({"build_id": build_id})
    else:
        print(f"build {build_id} has begun; `jupyter conda-store build watch {build_id}` follows it")
    return 0
