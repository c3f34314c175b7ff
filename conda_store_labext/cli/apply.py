"""`jupyter conda-store apply FOLDER`: give conda-store the environments that a folder's files declare."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from ..errors import CondaStoreLabError, InvalidRequest, NotConfigured
from . import services
from .command import Commands, exit_code
from .outcomes import failed, outcome_json, plan_json, print_outcomes, print_plan
from .terminal import complain, confirm, print_json

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient

DELETIONS = 3  # environments that are deleted at most unless a higher limit is given


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "apply",
        apply,
        "Create, update and, asked for, delete environments so that conda-store has what a folder says.",
    )
    sub.add_argument(
        "folder", type=Path, metavar="FOLDER", help="its .yml files; a folder in it is a namespace"
    )
    sub.add_argument(
        "--namespace", default="", metavar="NAME", help="of the folder's own files; by default yours"
    )
    sub.add_argument("--dry-run", action="store_true", help="only show what would be done")
    sub.add_argument(
        "--prune", action="store_true", help="delete what this folder made once and declares no more"
    )
    sub.add_argument(
        "--delete-at-most",
        type=int,
        default=DELETIONS,
        metavar="N",
        help=f"delete nothing if that would be more than N environments; {DELETIONS} by default",
    )
    sub.add_argument(
        "--owner", default="", metavar="TEXT", help="by default the folder's place in its git repository"
    )
    sub.add_argument("--watch", action="store_true", help="go on, and apply it again whenever a file changes")
    sub.add_argument("--yes", action="store_true", help="do not ask before environments are deleted")


def apply(options: argparse.Namespace) -> int:
    """Apply a folder once, or again and again; 1 if conda-store does not have what it says in the end."""
    if options.watch:
        return _watch(options)
    client = services.client()
    return int(_applied(client, options))


def _applied(client: CondaStoreClient, options: argparse.Namespace) -> bool:
    """Apply a folder once; tell whether conda-store does not have what it says afterwards."""
    from ..repositories.apply import apply as applying
    from ..repositories.apply.declared import read_folder
    from ..repositories.apply.plan import make_plan

    folder: Path = options.folder
    namespace = options.namespace or client.permissions().primary_namespace
    owner = options.owner or applying.default_owner(folder)
    if set("()") & set(owner):
        raise InvalidRequest("--owner must not have parentheses in it; leave them out.")
    declared = read_folder(folder, namespace, client.platform())
    plan = make_plan(client, declared, owner, prune=options.prune)
    if not options.json:
        print_plan(plan)
    if options.dry_run:
        if options.json:
            print_json(plan_json(plan))
        return failed(plan, ())
    applying.require_prunable(plan, folder, options.delete_at_most)
    if plan.deletions:
        named = ", ".join(map(str, plan.deletions))
        confirm(f"Delete {named} with all builds, for everybody?", options.yes)
    outcomes = applying.apply(client, plan, Event())
    if options.json:
        print_json(plan_json(plan) | {"outcomes": [outcome_json(outcome) for outcome in outcomes]})
    else:
        print_outcomes(outcomes)
    return failed(plan, outcomes)


def _watch(options: argparse.Namespace) -> int:
    """Apply the folder at every change until somebody interrupts; what fails is tried at the next change."""
    try:
        from watchfiles import watch
    except ImportError:
        raise NotConfigured(
            "--watch needs the package watchfiles; install it with `pip install watchfiles`."
        ) from None
    if not options.folder.is_dir():
        raise InvalidRequest(f"{options.folder} is not a folder; name one with environment files.")
    changes = watch(options.folder, debounce=1600, yield_on_timeout=False)
    while True:
        try:
            _applied(services.client(), options)
        except CondaStoreLabError as error:
            if exit_code(error.code) == 2 and not options.folder.is_dir():
                raise
            complain(str(error))
        if not options.json:
            print(f"{time.strftime('%H:%M:%S')} watching {options.folder}", flush=True)
        if next(changes, None) is None:
            raise KeyboardInterrupt
