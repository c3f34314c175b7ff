"""`jupyter conda-store wait`: until builds have ended, for pipelines."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

from ..models.quantities import parse_duration
from . import services
from .arguments import BUILD, named_build
from .command import Commands
from .following import ARTIFACTS, follow, succeeded
from .terminal import print_json


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "wait", wait, "Wait until builds have ended and can be downloaded; 1 if one failed, 124 if too late."
    )
    sub.add_argument("builds", nargs="+", metavar=BUILD)
    sub.add_argument("--artifact", choices=tuple(ARTIFACTS), default="archive", help="what has to be there")
    sub.add_argument("--timeout", metavar="TIME", help="at most that long for all of them, e.g. 90s or 30m")


def wait(options: argparse.Namespace) -> int:
    """Wait for each build in turn, and fail for the first one that failed once all have ended."""
    client = services.client()
    deadline = time.monotonic() + parse_duration(options.timeout) if options.timeout else None
    ended = []
    for build_id in [named_build(client, text) for text in options.builds]:
        left = None if deadline is None else max(deadline - time.monotonic(), 0.0)
        ended.append(follow(client, build_id, artifact=options.artifact, timeout=left))
    if options.json:
        print_json([asdict(build) for build in ended])
    for build in ended:
        succeeded(build)
        if not options.json:
            print(f"build {build.id} of {build.namespace}/{build.environment} is complete")
    return 0
