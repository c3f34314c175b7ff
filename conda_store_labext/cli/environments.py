"""`jupyter conda-store env ...`: the environments of the server, from making to deleting them."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..errors import Conflict, InvalidRequest, NotFound
from ..models.reference import Reference
from . import arguments as filtering
from . import builds, services
from .arguments import ENVIRONMENT, named_build, named_environment
from .command import REFERENCE, Commands
from .specifications import SpecificationSource, add_source, chosen_source, edited
from .terminal import confirm, print_fields, print_json, print_table

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..models import Environment


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("env", "List, make, change and delete environments.")
    sub = group.add("list", list_, "List the environments that conda-store has.")
    sub.add_argument("--search", default="", metavar="TEXT", help="only names that contain TEXT")
    sub.add_argument("--namespace", default="", metavar="NAME", help="only those of one namespace")
    filtering.add_options(sub, "active build")

    sub = group.add("show", show, "Show an environment and the specification of its active build.")
    sub.add_argument("environment", metavar=ENVIRONMENT)

    sub = group.add("create", create, "Make an environment and have it built.")
    sub.add_argument("environment", metavar=ENVIRONMENT)
    add_source(sub)
    _add_rest(sub)

    sub = group.add("update", update, "Rebuild an environment from other packages, or describe it.")
    sub.add_argument("environment", metavar=ENVIRONMENT)
    add_source(sub)
    sub.add_argument("--add", action="append", default=[], metavar="SPEC", help="a package to add or change")
    sub.add_argument("--remove", action="append", default=[], metavar="NAME", help="a package to remove")
    _add_rest(sub)

    sub = group.add("clone", clone, "Make an environment from a build of another one.")
    sub.add_argument("source", metavar=REFERENCE)
    sub.add_argument("environment", metavar=ENVIRONMENT)
    sub.add_argument("--exact", action="store_true", help="the same packages, from the build's lockfile")
    _add_rest(sub)

    sub = group.add("rollback", rollback, "Make an earlier build the active one; by default the one before.")
    sub.add_argument("reference", metavar=REFERENCE)

    sub = group.add("builds", builds.list_, "List the builds of an environment, newest first.")
    sub.add_argument("environment", metavar=ENVIRONMENT)
    builds.add_list_options(sub)

    sub = group.add("delete", delete, "Delete environments with all their builds; local copies stay.")
    sub.add_argument("environments", nargs="+", metavar=ENVIRONMENT)
    sub.add_argument("--yes", action="store_true", help="do not ask")


def _add_rest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--description", metavar="TEXT", help="the environment's description")
    parser.add_argument("--watch", action="store_true", help="print the build's log until it has ended")


def list_(options: argparse.Namespace) -> int:
    """List environments over as many pages as there are."""
    environments = services.environments(
        services.client(), options.search, options.namespace, filtering.chosen(options)
    )
    if options.json:
        print_json([asdict(environment) for environment in environments])
        return 0
    rows = [
        [
            f"{environment.namespace}/{environment.name}",
            str(environment.current_build_id or "-"),
            state(environment),
            environment.description,
        ]
        for environment in environments
    ]
    print_table(["ENVIRONMENT", "BUILD", "STATE", "DESCRIPTION"], rows)
    return 0


def state(environment: Environment) -> str:
    """Return in a word or two how an environment stands."""
    if environment.running_status:
        return environment.running_status.value.lower()
    if environment.status is None:
        return "no build"
    if environment.launchable:
        return "launchable"
    return "packing" if environment.status.value == "COMPLETED" else environment.status.value.lower()


def show(options: argparse.Namespace) -> int:
    """Show one environment."""
    client, named = services.client(), named_environment(options.environment)
    environment = client.environment(named.namespace, named.environment)
    made_from = client.specification(environment.current_build_id) if environment.current_build_id else None
    if options.json:
        print_json(asdict(environment) | {"specification": made_from and made_from.text})
        return 0
    print_fields(
        {
            "environment": str(named),
            "description": environment.description,
            "active build": str(environment.current_build_id or "none"),
            "state": state(environment),
            "running build": str(environment.running_build_id or ""),
            "you may": ", ".join(action.value.replace("_", " ") for action in environment.may)
            or "look at it",
        }
    )
    if made_from:
        print(f"\n{made_from.text}", end="")
    return 0


def create(options: argparse.Namespace) -> int:
    """Make an environment that is not there yet."""
    client, named = services.client(), named_environment(options.environment)
    source = chosen_source(options, named.environment, client.platform())
    _require_new(client, named)
    return _build(client, named, source, options)


def update(options: argparse.Namespace) -> int:
    """Build an environment that is there anew, or change no more than its description."""
    client, named = services.client(), named_environment(options.environment)
    environment = client.environment(named.namespace, named.environment)
    changes = bool(options.add or options.remove)
    if options.file or options.package:
        if changes:
            raise InvalidRequest("--add and --remove edit the specification; leave --file and --package out.")
        source = chosen_source(options, named.environment, client.platform())
        return _build(client, named, source, options)
    if changes:
        return _build(client, named, _changed(client, environment, options), options)
    if options.description is None:
        raise InvalidRequest("Nothing to change; give --file, --add, --remove or --description.")
    changed = client.update_environment(named.namespace, named.environment, options.description)
    if options.json:
        print_json(asdict(changed))
    else:
        print(f"{named}: {changed.description}")
    return 0


def clone(options: argparse.Namespace) -> int:
    """Make an environment from what a build of another one was made from, or from what came of it."""
    client, named = services.client(), named_environment(options.environment)
    original = Reference.parse(options.source)
    build_id = original.build_id or _active(client, original)
    made_from = client.specification(build_id)
    if options.exact and not made_from.is_lockfile:
        source = SpecificationSource(json.dumps(client.lockfile(build_id)), is_lockfile=True)
    elif made_from.is_lockfile:
        source = SpecificationSource(made_from.text, is_lockfile=True)
    else:
        from ..specifications.text import parse_specification, specification_text

        parsed = parse_specification(made_from.text)
        source = SpecificationSource(specification_text({**parsed, "name": named.environment}))
    _require_new(client, named)
    return _build(client, named, source, options)


def rollback(options: argparse.Namespace) -> int:
    """Make another build the active one."""
    client, reference = services.client(), Reference.parse(options.reference)
    namespace, name = reference.namespace, reference.environment
    before = client.environment(namespace, name).current_build_id
    chosen = reference.build_id or _one_before(client, namespace, name, before)
    changed = client.update_environment(namespace, name, build_id=chosen)
    if options.json:
        print_json(asdict(changed))
    else:
        print(f"{namespace}/{name} is on build {chosen}; before, it was on {before or 'none'}")
    return 0


def delete(options: argparse.Namespace) -> int:
    """Delete environments once somebody has agreed."""
    client = services.client()
    chosen = [named_environment(text) for text in options.environments]
    for named in chosen:
        client.environment(named.namespace, named.environment)  # before anything goes
    confirm(f"Delete {', '.join(map(str, chosen))} with all builds, for everybody?", options.yes)
    for named in chosen:
        client.delete_environment(named.namespace, named.environment)
        if not options.json:
            print(f"deleted {named}")
    if options.json:
        print_json([{"namespace": named.namespace, "name": named.environment} for named in chosen])
    return 0


def _build(
    client: CondaStoreClient, named: Reference, source: SpecificationSource, options: argparse.Namespace
) -> int:
    build_id = client.create_build(
        named.namespace,
        source.text,
        is_lockfile=source.is_lockfile,
        environment=named.environment,
        description=options.description,
    )
    return builds.begun(client, build_id, options)


def _require_new(client: CondaStoreClient, named: Reference) -> None:
    try:
        client.environment(named.namespace, named.environment)
    except NotFound:
        return
    raise Conflict(f"{named} already exists; change it with `jupyter conda-store env update`.")


def _changed(
    client: CondaStoreClient, environment: Environment, options: argparse.Namespace
) -> SpecificationSource:
    newest = named_build(client, f"{environment.namespace}/{environment.name}")
    made_from = client.specification(newest)
    if made_from.is_lockfile:
        raise InvalidRequest(
            f"Build {newest} was made from a lockfile, which lists no dependencies to change; give --file."
        )
    return SpecificationSource(edited(made_from.text, options.add, options.remove))


def _active(client: CondaStoreClient, named: Reference) -> int:
    active = client.environment(named.namespace, named.environment).current_build_id
    if active is None:
        raise NotFound(f"{named} has no active build; name one of its builds.")
    return active


def _one_before(client: CondaStoreClient, namespace: str, name: str, active: int | None) -> int:
    for build in client.every_build(namespace, name):
        if (active is None or build.id < active) and client.build(build.id).launchable:
            return build.id
    raise NotFound(f"{namespace}/{name} has no earlier build that can be used; name one of its builds.")
