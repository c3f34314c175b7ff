"""`jupyter conda-store build ...`: the builds of environments, as they run and afterwards."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import islice
from typing import TYPE_CHECKING

from ..errors import NotFound
from ..models import BuildStatus
from ..models.quantities import show_size
from . import arguments as filtering
from . import services
from .arguments import BUILD, ENVIRONMENT, named_build, named_environment
from .command import Commands
from .following import follow, show_time, succeeded, waited
from .terminal import complain, confirm, print_fields, print_json, print_table

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..models import Build

EXIT_STOPPED = 130


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("build", "List, watch, cancel and delete builds.")
    sub = group.add("list", list_, "List the builds of an environment, or of all, newest first.")
    sub.add_argument("environment", metavar=ENVIRONMENT, nargs="?", help="by default all")
    add_list_options(sub)

    sub = group.add("show", show, "Show how a build stands, what it has, and why it failed.")
    sub.add_argument("build", metavar=BUILD)

    sub = group.add(
        "watch", watch, "Print a build's log as it grows; in the end, what went wrong first. 1 if it failed."
    )
    sub.add_argument("build", metavar=BUILD)

    sub = group.add("logs", logs, "Print what a build has logged so far.")
    sub.add_argument("build", metavar=BUILD)

    sub = group.add("changes", changes, "Show what changed since another build, by default the one before.")
    sub.add_argument("build", metavar=BUILD)
    sub.add_argument("--since", metavar=BUILD, help="the earlier build")

    sub = group.add("rebuild", rebuild, "Build again what a build was made from.")
    sub.add_argument("build", metavar=BUILD)
    sub.add_argument("--watch", action="store_true", help="print the build's log until it has ended")

    sub = group.add("cancel", cancel, "Cancel builds that are queued or running.")
    sub.add_argument("builds", nargs="+", metavar=BUILD)

    sub = group.add("delete", delete, "Delete the files and archives of builds; local copies stay.")
    sub.add_argument("builds", nargs="+", metavar=BUILD)
    sub.add_argument("--yes", action="store_true", help="do not ask")


def add_list_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `list_`."""
    filtering.add_options(parser, "build")
    parser.add_argument("--limit", type=int, metavar="N", help="only the newest N")


def list_(options: argparse.Namespace) -> int:
    """List builds over as many pages as there are."""
    named = named_environment(options.environment) if options.environment else None
    place = (named.namespace, named.environment) if named else ("", "")
    every = services.client().every_build(*place, filtering.chosen(options))
    builds = list(islice(every, options.limit))
    if options.json:
        print_json([asdict(build) for build in builds])
        return 0
    rows = [
        [
            str(build.id),
            f"{build.namespace}/{build.environment}",
            _state(build),
            build.ended_on or build.started_on or build.scheduled_on or "",
            show_size(build.size) if build.size else "",
        ]
        for build in builds
    ]
    print_table(["BUILD", "ENVIRONMENT", "STATE", "SINCE (UTC)", "SIZE"], rows)
    return 0


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
        complain(f"build {build_id} continues; it is only no longer watched here.")
        return EXIT_STOPPED
    if json:
        print_json(asdict(build))
    first = client.build_log(build_id).first_error if build.status is BuildStatus.FAILED else None
    succeeded(replace(build, reason=first.text) if first else build)
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


def changes(options: argparse.Namespace) -> int:
    """Show what changed between two builds."""
    from .solve import print_changes

    client = services.client()
    build_id = named_build(client, options.build)
    since = named_build(client, options.since) if options.since else _one_before(client, build_id)
    difference = client.changes(build_id, since)
    if options.json:
        print_json(asdict(difference))
        return 0
    print(f"build {since} -> build {build_id}")
    print_changes(difference)
    if difference.specification:
        print(f"\n{difference.specification}", end="")
    return 0


def rebuild(options: argparse.Namespace) -> int:
    """Build once more."""
    client = services.client()
    return begun(client, client.rebuild(named_build(client, options.build)), options)


def begun(client: CondaStoreClient, build_id: int, options: argparse.Namespace) -> int:
    """Say that a build has been queued, or watch it if the options say so."""
    if options.watch:
        return watched(build_id, options.json)
    build = client.build(build_id)
    if options.json:
        print_json(asdict(build))
    else:
        print(f"build {build_id} of {build.namespace}/{build.environment} is {_state(build)}")
    return 0


def cancel(options: argparse.Namespace) -> int:
    """Cancel builds, which the server does within some seconds."""
    return _each(options, services.client().cancel_build, "is being cancelled")


def delete(options: argparse.Namespace) -> int:
    """Delete builds once somebody has agreed."""
    confirm(f"Delete {', '.join(options.builds)} for everybody?", options.yes)
    return _each(options, services.client().delete_build, "is being deleted")


def _each(options: argparse.Namespace, function: Callable[[int], None], outcome: str) -> int:
    client = services.client()
    chosen = [named_build(client, text) for text in options.builds]
    for build_id in chosen:
        function(build_id)
        if not options.json:
            print(f"build {build_id} {outcome}")
    if options.json:
        print_json(chosen)
    return 0


def _one_before(client: CondaStoreClient, build_id: int) -> int:
    build = client.build(build_id)
    for candidate in client.every_build(build.namespace, build.environment):
        if candidate.id < build_id and candidate.status is BuildStatus.COMPLETED:
            return candidate.id
    raise NotFound(f"There is no build before {build_id} to compare it with; name one with --since.")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _state(build: Build) -> str:
    state = build.status.value.lower()
    return f"queued for {show_time(waited(build))}" if state == "queued" else state
