"""`jupyter conda-store open` and `link`: from a repository to a notebook that runs on its environment."""

from __future__ import annotations

import argparse
import html
import os
import sys
import webbrowser
from concurrent.futures import Future, wait
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..copies.progress import ProgressLine
from ..errors import CondaStoreLabError, InvalidRequest
from ..models import LocalCopy
from ..models.reference import Reference
from .command import REFERENCE, Commands
from .consent import MOST_LISTED, new_packages, new_to_you, require_environment, require_trust
from .services import configured_policy, configured_services
from .terminal import complain, print_json

if TYPE_CHECKING:
    from ..repositories.choice import Choice
    from ..repositories.look import Look
    from ..repositories.opening import Session
    from ..repositories.update import FolderState

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
                _tell(look)
            if options.look:
                new = new_packages(services, look)
                if options.json:
                    listed = [{"name": name, "channel": channel} for name, channel in new]
                    print_json({**_seen(look), "new": listed})
                elif look.manifest:
                    print(new_to_you(new), file=sys.stderr)
                return 0
            require_trust(look, source, options)
            choice = require_environment(services, look, options)
            copy: Future[LocalCopy] = in_background(lambda: fetch_environment(services, choice))
            state = put_in_place(git.within(600), look, source, target)
            fetched = _result(copy)
            line.clear()
            session = show(Path(state.folder), look.opened, fetched)
    except KeyboardInterrupt:
        git.cancelled.set()
        raise
    finally:
        line.clear()
        services.close()
    return _shown(look, choice, state, fetched, session, options)


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


def _tell(look: Look) -> None:
    """Say what was seen, on standard error: standard output is for the address."""
    say = [f"{look.address}" + (f" at {look.revision}, {look.author}" if look.revision else "")]
    manifest = look.manifest
    if manifest:
        names = list(dict.fromkeys(name for name, _ in manifest.packages))
        more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        say.append(f"{manifest.path} asks for {', '.join(names[:MOST_LISTED])}{more}")
        say.append(f"from {', '.join(manifest.channels) or 'the channels of conda-store'}")
        say += [f"note: {note}" for note in manifest.notes]
        say += [f"passed over: {other.path} ({other.why})" for other in manifest.passed_over]
    say += [f"note: {warning}" for warning in look.warnings]
    say.append(look.choice.message)
    print(*say, sep="\n", file=sys.stderr, flush=True)


def _result(copy: Future[LocalCopy]) -> LocalCopy:
    while not copy.done():  # so that Ctrl-C is heard
        wait([copy], 0.2)
    return copy.result()


def _shown(
    look: Look,
    choice: Choice,
    state: FolderState,
    copy: LocalCopy,
    session: Session,
    options: argparse.Namespace,
) -> int:
    if options.json:
        print_json(
            {
                "url": session.url,
                "folder": state.folder,
                "state": asdict(state),
                "environment": f"{copy.namespace}/{copy.environment}",
                "build_id": copy.build_id,
                "chosen_by": choice.origin.value,
                "kernel": session.kernel,
                "message": session.message,
                **_seen(look),
            }
        )
    else:
        complain_about = [state.message, session.message or ""]
        print(*filter(None, complain_about), sep="\n", file=sys.stderr)
        print(session.url)
        if session.server.started:
            port = session.server.url.rstrip("/").split("//")[-1].split("/")[0].rpartition(":")[2]
            print(f"The server goes on; `jupyter server stop {port}` ends it.", file=sys.stderr)
        sys.stdout.flush()
    if not options.no_browser:
        _browse(session)
    return 0


def _seen(look: Look) -> dict[str, Any]:
    manifest = look.manifest
    return {
        "repository": str(look.address),
        "commit": look.revision.commit if look.revision else None,
        "author": look.author,
        "path": look.opened.path,
        "manifest": None
        if manifest is None
        else {
            "path": manifest.path,
            "channels": manifest.channels,
            "packages": [{"name": name, "channel": channel} for name, channel in manifest.packages],
            "notes": manifest.notes,
            "passed_over": [asdict(other) for other in manifest.passed_over],
            "digest": manifest.digest,
        },
        "warnings": look.warnings,
        "choice": look.choice.message,
        "reference": str(look.choice.reference) if look.choice.reference else None,
    }


def _browse(session: Session) -> None:
    """Open the browser by a file that leads on, for the token is in no command line then."""
    from jupyter_core.paths import jupyter_runtime_dir

    from ..store.files import write_private

    file = Path(jupyter_runtime_dir()) / f"conda-store-open-{os.getpid()}.html"
    address = html.escape(session.url, quote=True)
    try:
        write_private(
            file,
            f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={address}">'
            f'<a href="{address}">Open</a>\n',
        )
        webbrowser.open(file.as_uri())
    except (OSError, webbrowser.Error, CondaStoreLabError) as error:
        complain(f"no browser was opened ({error}); open the address yourself.")
