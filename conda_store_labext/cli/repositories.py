"""`jupyter conda-store open` and `link`: from a repository to a notebook that runs on its environment."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import Future, wait
from pathlib import Path

from ..copies.progress import ProgressLine
from ..errors import InvalidRequest
from ..models import LocalCopy
from ..models.reference import Reference
from .command import REFERENCE, Commands
from .consent import new_packages, new_to_you, require_environment, require_trust
from .opened import Ready, print_opened, seen, tell
from .services import configured_policy, configured_services
from .terminal import print_json

SOURCE = "SOURCE[@REF]"


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add(
        "open", open_, "Open a notebook of a git repository or a folder on the environment that it needs."
    )
    sub.add_argument(
        "source",
        metavar=SOURCE,
        help="a folder, an address, OWNER/NAME, or a link; @ a branch, tag or commit",
    )
    sub.add_argument(
        "notebook", nargs="?", metavar="NOTEBOOK", help="by default index.ipynb, or the only one"
    )
    sub.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="clone to this folder; by default one named after the repository",
    )
    sub.add_argument(
        "--beside", action="store_true", help="clone to a new folder beside the one that is there"
    )
    sub.add_argument(
        "--environment", metavar=REFERENCE, help="run on this environment, whatever the files say"
    )
    sub.add_argument("--manifest", metavar="FILE", help="make it of this file of the repository")
    sub.add_argument(
        "--build", action="store_true", help="have the environment built if there is none, a lockfile's too"
    )
    sub.add_argument("--pip", action="store_true", help="leave to pip what conda could install")
    sub.add_argument("--trust", action="store_true", help="let the repository's code run without asking")
    sub.add_argument("--look", action="store_true", help="say what would be opened, and open nothing")
    sub.add_argument("--no-browser", action="store_true", help="print the address, and open nothing")

    sub = commands.add("link", link, "Print a link that opens a notebook of a repository, and a badge.")
    sub.add_argument("source", metavar=SOURCE)
    sub.add_argument("notebook", nargs="?", metavar="NOTEBOOK")
    sub.add_argument("--environment", metavar=REFERENCE, help="pin this environment, or a build of it")
    sub.add_argument("--server", default="http://localhost:8888", metavar="URL", help="of a Jupyter server")
    sub.add_argument(
        "--hub", metavar="URL", help="of a JupyterHub, whose users each get a server of their own"
    )


def open_(options: argparse.Namespace) -> int:
    """Look, ask, build if need be, clone and fetch at the same time, and show the notebook."""
    from dataclasses import replace

    from ..repositories.clone import git_for
    from ..repositories.look import Wanted, looking
    from ..repositories.opening import fetch_environment, in_background, put_in_place, show, target_folder
    from ..repositories.source import parse_source
    from ..repositories.venv import make_venv

    policy = configured_policy()
    source = parse_source(options.source, policy)
    line = ProgressLine()
    git = replace(
        git_for(source.address, policy),
        on_progress=lambda what, share: line.text(f"git: {what.lower()} {share} %"),
    )
    services = configured_services(line.copy)
    target = target_folder(git, source, options.into, beside=options.beside)
    wanted = Wanted(options.notebook, options.environment, options.manifest)
    try:
        with looking(services, git, source, target, wanted, policy) as look:
            line.clear()
            if not options.json:
                tell(look)
            if options.look:
                new = new_packages(services, look)
                if options.json:
                    listed = [{"name": name, "channel": channel} for name, channel in new]
                    print_json({**seen(look), "new": listed})
                elif look.manifest:
                    print(new_to_you(new), file=sys.stderr)
                return 0
            require_trust(look, source, options)
            choice = require_environment(services, look, options)
            copy = None if choice.venv else in_background(lambda: fetch_environment(services, choice))
            state = put_in_place(git.within(600), look, source, target)
            folder = Path(state.folder)
            if copy is not None:
                ready = Ready.of(_result(copy))
            else:
                assert choice.venv is not None
                made = make_venv(services, folder, choice.venv, line.text, lambda: None)
                ready = Ready(made.environment.prefix or "", None, made.kernels, made.message)
            line.clear()
            session = show(folder, look.opened, ready.kernels, ready.name)
    except KeyboardInterrupt:
        git.cancelled.set()
        raise
    finally:
        line.clear()
        services.close()
    print_opened(look, choice, state, ready, session, options)
    return 0


def link(options: argparse.Namespace) -> int:
    """Print a link; nothing is asked of the repository."""
    from ..repositories.links import Link
    from ..repositories.source import parse_source

    source = parse_source(options.source, configured_policy())
    if source.address.credential:
        raise InvalidRequest("A link would show the password to everybody; leave it out of the address.")
    environment = options.environment or source.environment
    if environment:
        Reference.parse(environment)
    made = Link(source.address.url, source.ref, options.notebook or source.notebook, environment)
    url = made.hub_url(options.hub) if options.hub else made.url(options.server)
    if options.json:
        print_json({"link": url, "badge": made.badge(url)})
    else:
        print(url)
        print(made.badge(url))
    return 0


def _result(copy: Future[LocalCopy]) -> LocalCopy:
    while not copy.done():  # so that Ctrl-C is heard
        wait([copy], 0.2)
    return copy.result()
