"""`jupyter conda-store writeback`: packages and changes back to the repository of a clone."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CondaStoreLabError, InvalidRequest
from .command import Commands
from .terminal import confirm, print_json

if TYPE_CHECKING:
    from ..repositories.delivery import Committed
    from ..repositories.writeback import WriteBack


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "writeback", writeback, "Commit a folder's changes and further packages on a branch, and push it."
    )
    sub.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    sub.add_argument(
        "--package", "-p", action="append", default=[], metavar="SPEC", help="a conda package to add"
    )
    sub.add_argument("--pip", action="append", default=[], metavar="SPEC", help="a PyPI package to add")
    sub.add_argument(
        "--manifest", metavar="FILE", help="the file that lists packages; by default the one in use"
    )
    sub.add_argument(
        "--file", action="append", default=[], metavar="FILE", help="by default all that was changed"
    )
    sub.add_argument("--branch", metavar="NAME", help="a new branch; by default conda-store/DATE")
    sub.add_argument("--here", action="store_true", help="commit on the branch that is checked out")
    sub.add_argument("--message", "-m", metavar="TEXT")
    sub.add_argument("--author", metavar="'NAME <MAIL>'", help="the author of the commit, if git knows none")
    sub.add_argument("--no-verify", action="store_true", help="commit without the repository's hooks")
    sub.add_argument("--remote", default="origin", metavar="NAME")
    sub.add_argument(
        "--save", type=Path, metavar="FOLDER", help="do not push; write a patch and a bundle there"
    )
    sub.add_argument(
        "--diff", action="store_true", help="print what would be written back, and change nothing"
    )
    sub.add_argument("--yes", action="store_true", help="do not ask")


def writeback(options: argparse.Namespace) -> int:
    """Show the difference, ask, commit, and push or save."""
    from ..repositories.additions import added
    from ..repositories.writeback import WriteBack

    folder = options.folder.absolute()
    back = WriteBack(folder)
    if options.branch and options.here:
        raise InvalidRequest("A commit is on a new branch or on the current one; give --branch or --here.")
    files = list(options.file) or list(back.changed())
    with added(folder, options.package, options.pip, options.manifest) as addition:
        paths = sorted({*files, *([addition.manifest] if addition else [])})
        if not paths:
            raise InvalidRequest(
                "Nothing has changed since the last commit, so there is nothing to write back."
            )
        shown = back.difference(paths)
        print(shown, end="", file=sys.stdout if options.diff and not options.json else sys.stderr, flush=True)
        if options.diff:
            if options.json:
                print_json({"paths": paths, "diff": shown})
            return 0
        confirm(f"Write {', '.join(paths)} back?", options.yes)
        names = [*options.package, *options.pip]
        message = options.message or (f"Add {', '.join(names)}" if names else f"Change {', '.join(paths)}")
        branch = None if options.here else options.branch or back.new_branch()
        committed = back.commit(paths, message, branch, options.author, hooks=not options.no_verify)
        if addition:
            addition.stays = True
    return _delivered(back, committed, options)


def _delivered(back: WriteBack, committed: Committed, options: argparse.Namespace) -> int:
    delivery: dict[str, object] = {"branch": committed.branch, "commit": committed.commit}
    try:
        if options.save:
            delivery |= asdict(back.save(committed, options.save))
        else:
            delivery |= asdict(back.push(committed, options.remote))
    except CondaStoreLabError:
        saved = back.save(committed, back.folder.with_name(f"{back.folder.name}-writeback"))
        print(
            f"The commit is on the branch {committed.branch} in {back.folder} and was not pushed; for "
            f"somebody who may, it is in {saved.patch} and {saved.bundle}, too.",
            file=sys.stderr,
        )
        raise
    if options.json:
        print_json(delivery)
    elif options.save:
        print(delivery["patch"], delivery["bundle"], sep="\n")
    else:
        print(f"{delivery['repository']} has the branch {committed.branch} now")
        if delivery["request"]:
            print(f"open a pull request at {delivery['request']}")
    return 0
