"""`jupyter conda-store writeback`: packages and changes back to the repository of a clone."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..models.reference import Reference
from .command import REFERENCE, Commands
from .locking import lock_of, name_of
from .services import configured_services
from .terminal import complain, confirm, print_json

if TYPE_CHECKING:
    from ..models import AdditionList
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
        "--additions",
        nargs="?",
        const="",
        metavar=REFERENCE,
        help="what notebooks installed beside this environment, by default the repository's",
    )
    sub.add_argument(
        "--manifest", metavar="FILE", help="the file that lists packages; by default the one in use"
    )
    lock = sub.add_mutually_exclusive_group()
    lock.add_argument(
        "--lock",
        nargs="?",
        const="",
        metavar=REFERENCE,
        help="write the lockfile of this build, by default of one of the manifest as it is then; "
        "where a lockfile is there, packages that are added are locked, too",
    )
    lock.add_argument("--no-lock", action="store_true", help="leave a lockfile that is there as it is")
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
    from ..repositories.additions import added, lockfile_in
    from ..repositories.writeback import WriteBack

    folder = options.folder.absolute()
    back = WriteBack(folder)
    conda, pip = _packages(folder, options)
    # a look at the difference builds nothing
    stale = bool(conda or pip) and not (options.no_lock or options.diff) and lockfile_in(folder) is not None
    lock = lock_of(folder, options) if options.lock is not None or stale else None
    if options.branch and options.here:
        raise InvalidRequest("A commit is on a new branch or on the current one; give --branch or --here.")
    files = list(options.file) or list(back.changed())
    with added(folder, conda, pip, options.manifest, lock) as addition:
        paths = sorted({*files, *addition.files})
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
        names = [*conda, *pip]
        message = options.message or (f"Add {', '.join(names)}" if names else f"Change {', '.join(paths)}")
        branch = None if options.here else options.branch or back.new_branch()
        committed = back.commit(paths, message, branch, options.author, hooks=not options.no_verify)
        addition.stays = True
    return _delivered(back, committed, options)


def _packages(folder: Path, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the packages that are to be listed, for conda and for pip."""
    conda, pip = list(options.package), list(options.pip)
    if options.additions is not None:
        from ..repositories.additions import lines_for

        lines = lines_for(folder, options.manifest, _listing(folder, options))
        conda += lines.conda
        pip += lines.pip
        if lines.left_out:
            complain(f"{', '.join(lines.left_out)}: the file cannot list what was installed so; left out.")
    return conda, pip


def _listing(folder: Path, options: argparse.Namespace) -> AdditionList:
    """Return what was added to the environment that is named, else to the one of the repository."""
    from ..repositories.files import FolderFiles
    from ..repositories.manifest import find_manifest

    lists = configured_services().additions.list()
    if options.additions:
        reference = Reference.parse(options.additions)
        chosen = [listing for listing in lists if reference.covers(listing)]
    else:
        manifest = find_manifest(FolderFiles(folder), chosen=options.manifest)
        name = manifest.environment_name(name_of(folder)) if manifest else ""
        chosen = [listing for listing in lists if listing.environment == name]
    if not chosen:
        raise NotFound(
            "Nothing was added to that environment; `jupyter conda-store additions list` shows what was, "
            f"and --additions {REFERENCE} names it."
        )
    return max(chosen, key=lambda listing: listing.build_id)


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
