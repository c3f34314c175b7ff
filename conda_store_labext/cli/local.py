"""`jupyter conda-store local` and `demo`: the conda-store of this machine."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ..copies.progress import ProgressLine
from ..models import LocalStoreState, LocalStoreStatus
from . import transfer
from .command import Commands
from .terminal import print_json


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("local", "Start, stop or look at the conda-store of this machine, or move it.")
    group.add("start", start, "Start the local store, unless it runs.")
    group.add("stop", stop, "Stop the local store.")
    group.add("status", status, "Show how the local store stands, and where packages come from.")
    transfer.add_local_commands(group)

    sub = commands.add(
        "demo", demo, "Start a local store, build two environments, open JupyterLab on them.", json=False
    )
    sub.add_argument("--no-browser", action="store_true", help="only print the URL")
    sub.add_argument("--port", type=int, help="port of JupyterLab")


def start(options: argparse.Namespace) -> int:
    """Start the local store; 1 if that failed."""
    from ..local import LocalServer

    line = ProgressLine()
    try:
        now = LocalServer().start(line.local_store)
    finally:
        line.clear()
    _show(now, options)
    return int(now.state in (LocalStoreState.FAILED, LocalStoreState.UNAVAILABLE))


def stop(options: argparse.Namespace) -> int:
    """Stop the local store."""
    from ..local import LocalServer

    _show(LocalServer().stop(), options)
    return 0


def status(options: argparse.Namespace) -> int:
    """Show how the local store stands."""
    from ..local import LocalServer

    _show(LocalServer().status(), options)
    return 0


def _show(now: LocalStoreStatus, options: argparse.Namespace) -> None:
    if options.json:
        print_json(asdict(now))
    else:
        print(now.message if now.url is None or now.url in now.message else f"{now.message} {now.url}")


def demo(options: argparse.Namespace) -> int:
    """Run the demo until someone ends it."""
    from .demo import run

    return run(browser=not options.no_browser, port=options.port)
