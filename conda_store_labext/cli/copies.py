"""`jupyter conda-store list`, `pull` and `remove`: what the server has, what is here, and moving it here."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from ..errors import NotFound
from ..models import Environment, Materialisation
from ..reference import Reference
from . import services
from .command import REFERENCE, Commands
from .terminal import print_json, print_table

PAGE = 100


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add(
        "list", list_, "List the environments that conda-store has and the copies that are here."
    )
    sub.add_argument("--search", default="", metavar="TEXT", help="only names that contain TEXT")
    sub.add_argument("--here", action="store_true", help="only the copies that are here; asks no server")

    sub = commands.add("pull", pull, "Download an environment, fix its prefix and register its kernels.")
    sub.add_argument("reference", metavar=REFERENCE)

    sub = commands.add(
        "remove", remove, "Remove local copies (of every build, if none is named) and their kernels."
    )
    sub.add_argument("reference", metavar=REFERENCE)


def list_(options: argparse.Namespace) -> int:
    """List the server's environments, or only the copies that are here."""
    if options.here:
        return _list_here(options)
    client = services.client()
    found: list[Environment] = []
    page = 1
    while True:
        read = client.environments(options.search, page, PAGE)
        found += read.environments
        if not read.environments or page * PAGE >= read.count:
            break
        page += 1
    here: dict[tuple[str, str], list[Materialisation]] = {}
    for copy in services.manager().all(client.connection.identity):
        here.setdefault((copy.namespace, copy.environment), []).append(copy)
    if options.json:
        print_json(
            [
                asdict(one) | {"here": [asdict(copy) for copy in here.get((one.namespace, one.name), ())]}
                for one in found
            ]
        )
        return 0
    rows = [
        [
            f"{one.namespace}/{one.name}",
            str(one.current_build_id or "-"),
            _state(one),
            " ".join(f"#{copy.build_id}" for copy in here.get((one.namespace, one.name), ())),
        ]
        for one in found
    ]
    print_table(["ENVIRONMENT", "BUILD", "STATE", "HERE"], rows)
    return 0


def _list_here(options: argparse.Namespace) -> int:
    copies = [
        copy for copy in services.manager().all() if options.search in f"{copy.namespace}/{copy.environment}"
    ]
    if options.json:
        print_json([asdict(copy) for copy in copies])
        return 0
    rows = [
        [f"{copy.namespace}/{copy.environment}", str(copy.build_id), copy.server, copy.prefix or ""]
        for copy in copies
    ]
    print_table(["ENVIRONMENT", "BUILD", "SERVER", "PREFIX"], rows)
    return 0


def _state(environment: Environment) -> str:
    if environment.running_status:
        return environment.running_status.value.lower()
    if environment.status is None:
        return "no build"
    if environment.launchable:
        return "launchable"
    return "packing" if environment.status.value == "COMPLETED" else environment.status.value.lower()


def pull(options: argparse.Namespace) -> int:
    """Fetch one build and say which kernels it brought."""
    done = services.materialised(Reference.parse(options.reference))
    if options.json:
        print_json(asdict(done))
    else:
        print(f"{done.namespace}/{done.environment} #{done.build_id} is ready in {done.prefix}")
        for kernel in done.kernels:
            print(f"kernel {kernel.name}: {kernel.display_name}")
    if done.error:
        print(f"jupyter conda-store: {done.error.message}", file=sys.stderr)
    return 0


def remove(options: argparse.Namespace) -> int:
    """Remove the copies of one environment, or of one of its builds."""
    reference = Reference.parse(options.reference)
    manager = services.manager()
    chosen = [
        copy
        for copy in manager.all()
        if (copy.namespace, copy.environment) == (reference.namespace, reference.environment)
        and reference.build_id in (None, copy.build_id)
    ]
    if not chosen:
        raise NotFound(
            f"There is no local copy of {reference}; `jupyter conda-store list --here` shows those there are."
        )
    for copy in chosen:
        manager.remove(copy.key)
        if not options.json:
            print(f"removed {copy.namespace}/{copy.environment} #{copy.build_id}")
    if options.json:
        print_json([asdict(copy) for copy in chosen])
    return 0
