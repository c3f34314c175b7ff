"""`jupyter conda-store build ...`: the builds of environments, as they run and afterwards."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..quantities import show_size
from . import services
from .command import Commands
from .following import follow, show_time, succeeded, waited
from .naming import BUILD, ENVIRONMENT, named_build, named_environment
from .terminal import complain, print_fields, print_json, print_table

if TYPE_CHECKING:
    from ..models import Build

PAGE = 100
EXIT_STOPPED = 130


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("build", "List, watch, cancel and delete builds.")
    sub = group.add("list", list_, "List the builds of an environment, newest first.")
    sub.add_argument("environment", metavar=ENVIRONMENT)
    sub.add_argument("--limit", type=int, metavar="N", help="only the newest N")

    sub = group.add("show", show, "Show how a build stands, what it has, and why it failed.")
    sub.add_argument("build", metavar=BUILD)

    sub = group.add(
        "watch", watch, "Print a build's log as it grows; in the end, what went wrong first. 1 if it failed."
    )
    sub.add_argument("build", metavar=BUILD)

    sub = group.add("logs", logs, "Print what a build has logged so far.")
    sub.add_argument("build", metavar=BUILD)


def list_(options: argparse.Namespace) -> int:
    """List builds over as many pages as there are."""
    client, named = services.client(), named_environment(options.environment)
    found: list[Build] = []
    page = 1
    while options.limit is None or len(found) < options.limit:
        read = client.builds(named.namespace, named.environment, page, PAGE)
        found += read.builds
        if not read.builds or page * PAGE >= read.count:
            break
        page += 1
    print_builds(found[: options.limit], options.json)
    return 0


def print_builds(builds: list[Build], json: bool) -> None:
    """Print builds as a table or as JSON."""
    if json:
        print_json([asdict(one) for one in builds])
        return
    rows = [
        [
            str(one.id),
            f"{one.namespace}/{one.environment}",
            _state(one),
            one.ended_on or one.started_on or one.scheduled_on or "",
            show_size(one.size) if one.size else "",
        ]
        for one in builds
    ]
    print_table(["BUILD", "ENVIRONMENT", "STATE", "SINCE (UTC)", "SIZE"], rows)


def show(options: argparse.Namespace) -> int:
    """Show one build."""
    client = services.client()
    build = client.build(named_build(client, options.build))
    if options.json:
        print_json(asdict(build))
        return 0
    print_fields(
        {
            "build": f"{build.id} of {build.namespace}/{build.environment}",
            "state": _state(build),
            "scheduled (UTC)": build.scheduled_on or "",
            "started (UTC)": build.started_on or "",
            "ended (UTC)": build.ended_on or "",
            "size": show_size(build.size) if build.size else "",
            "artifacts": " ".join(build.artifacts).lower(),
            "reason": build.reason or "",
        }
    )
    return 0


def watch(options: argparse.Namespace) -> int:
    """Follow a build to its end; an interrupt ends the watching, not the build."""
    client = services.client()
    return watched(named_build(client, options.build), options.json)


def watched(build_id: int, json: bool) -> int:
    """Print a build's log as it grows, or in the end the build as JSON; raise BuildFailed if it failed."""
    client = services.client()
    try:
        build = follow(client, build_id, write=None if json else _write)
    except KeyboardInterrupt:
        complain(f"build {build_id} goes on; nobody watches it now.")
        return EXIT_STOPPED
    if json:
        print_json(asdict(build))
    succeeded(build)
    if not json:
        packed = "" if build.launchable else ", but has no archive to download"
        print(f"build {build.id} of {build.namespace}/{build.environment} is complete{packed}")
    return 0


def logs(options: argparse.Namespace) -> int:
    """Print a log as it is now."""
    client = services.client()
    build_id = named_build(client, options.build)
    text = client.log(build_id)
    if options.json:
        print_json({"build_id": build_id, "text": text})
    else:
        _write(text if not text or text.endswith("\n") else f"{text}\n")
    return 0


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _state(build: Build) -> str:
    state = build.status.value.lower()
    return f"queued for {show_time(waited(build))}" if state == "queued" else state
