"""`jupyter conda-store local` and `demo`: the conda-store of this machine."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ..copies.progress import ProgressLine
from ..models import LocalStoreState, LocalStoreStatus
from .command import Commands
from .terminal import print_json


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add("local", local, "Start, stop or look at the conda-store of this machine.")
    sub.add_argument("action", choices=("start", "stop", "status"))

    sub = commands.add(
        "demo", demo, "Start a local store, build two environments, open JupyterLab on them.", json=False
    )
    sub.add_argument("--no-browser", action="store_true", help="only print the URL")
    sub.add_argument("--port", type=int, help="port of JupyterLab")


def local(options: argparse.Namespace) -> int:
    """Start the local store, stop it, or say how it stands."""
    from ..local import LocalServer

    store = LocalServer()
    status: LocalStoreStatus
    if options.action == "start":
        line = ProgressLine()
        try:
            status = store.start(line.local_store)
        finally:
            line.clear()
    elif options.action == "stop":
        status = store.stop()
    else:
        status = store.status()
    if options.json:
        print_json(asdict(status))
    else:
        print(
            status.message
            if status.url is None or status.url in status.message
            else f"{status.message} {status.url}"
        )
    failed = status.state in (LocalStoreState.FAILED, LocalStoreState.UNAVAILABLE)
    return 1 if failed and options.action == "start" else 0


def demo(options: argparse.Namespace) -> int:
    """Run the demo until someone ends it."""
    from .demo import run

    return run(browser=not options.no_browser, port=options.port)
