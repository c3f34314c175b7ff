"""`jupyter conda-store additions install|write`: the packages that a notebook names itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import HidesPackages, NotFound
from .command import Commands
from .services import configured_services
from .terminal import confirm, print_json, reporter


def add_commands(group: Commands) -> None:
    """Add the commands to the group of `additions`."""
    sub = group.add(
        "install", install, "Add what a notebook's record or its PEP 723 block names and its build lacks."
    )
    sub.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    sub.add_argument("--yes", action="store_true", help="hide versions of the environment's, without asking")

    sub = group.add(
        "write",
        write,
        "Write what was added where a notebook ran into it, as a PEP 723 block for juv and uv.",
    )
    sub.add_argument("notebook", type=Path, metavar="NOTEBOOK")


def install(options: argparse.Namespace) -> int:
    """Install beside the build that a notebook ran on what it names."""
    from ..notebooks.lockfile import read_record
    from ..notebooks.requirements import lacking, read_notebook, recorded_requirements, requirements_of

    own = configured_services()
    key = read_record(options.notebook).copy_key
    content = read_notebook(options.notebook)
    wanted = dict.fromkeys((*recorded_requirements(content), *requirements_of(content)))
    missing = lacking(tuple(wanted), own.additions.versions(key))

    if missing:
        try:
            own.additions.install(key, missing, reporter(options), lambda: None)
        except HidesPackages as error:
            confirm(f"{error} Add them all the same?", options.yes)
            own.additions.install(key, missing, reporter(options), lambda: None, hide=True)
    if options.json:
        print_json({"installed": missing})
    else:
        print(f"added {', '.join(missing)}" if missing else "nothing is missing")
    return 0


def write(options: argparse.Namespace) -> int:
    """Write the block: what was added to the notebook's build here, else what its record names."""
    from ..notebooks.lockfile import read_record
    from ..notebooks.record import recorded
    from ..notebooks.requirements import read_notebook, recorded_requirements, write_requirements

    record = read_record(options.notebook)
    here = recorded(configured_services().additions.of(record))
    added = tuple(text for text in here if not text.startswith("r::"))
    added = added or recorded_requirements(read_notebook(options.notebook))
    if not added:
        raise NotFound(f"Nothing was added to {record}, on which {options.notebook} ran; nothing is written.")
    write_requirements(options.notebook, added)
    if options.json:
        print_json({"requirements": added})
    else:
        print(f"{options.notebook} names {', '.join(added)}")
    return 0
