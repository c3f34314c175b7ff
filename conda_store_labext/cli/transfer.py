"""`jupyter conda-store copy`: environments of one conda-store to another, by their lockfiles."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING

from ..errors import CondaStoreLabError, InvalidRequest, NotLaunchable
from ..models import BuildStatus, Environment
from . import services
from .command import Commands
from .outcomes import failed, outcome_json, plan_json, print_outcomes, print_plan
from .terminal import print_json

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..repositories.apply.declared import Declared

TOKEN = "CONDA_STORE_DESTINATION_TOKEN"


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "copy", copy, f"Copy environments to another conda-store; {TOKEN} is the token for that."
    )
    sub.add_argument(
        "environments",
        nargs="+",
        metavar="NAMESPACE/ENVIRONMENT",
        help="of the server in use; NAMESPACE/* is all of a namespace, */* all that there are",
    )
    sub.add_argument("--to", required=True, metavar="URL", help="the other conda-store, as CONDA_STORE_URL")
    sub.add_argument("--into", default="", metavar="NAMESPACE", help="by default the same as here")
    sub.add_argument(
        "--by-specification",
        action="store_true",
        help="solve again there instead of taking exactly the packages of the active build",
    )
    sub.add_argument("--dry-run", action="store_true", help="only show what would be done")


def copy(options: argparse.Namespace) -> int:
    """Copy the active builds; 1 if one of them could not be, the others are copied all the same."""
    from ..client.client import CondaStoreClient
    from ..client.connection import Connection
    from ..repositories.apply.apply import apply
    from ..repositories.apply.declared import Folder, Unusable
    from ..repositories.apply.plan import make_plan

    token = os.environ.get(TOKEN, "")
    source = services.client()
    destination = CondaStoreClient(Connection(options.to, auth="token" if token else "none", token=token))
    destination.version()
    destination.require_authenticated()
    declared: list[Declared] = []
    unusable: list[Unusable] = []
    for environment in _chosen(source, options.environments):
        name = f"{environment.namespace}/{environment.name}"
        try:
            declared.append(_declared(source, environment, options))
        except CondaStoreLabError as error:
            unusable.append(Unusable(name, str(error)))
    folder = Folder(tuple(declared), tuple(unusable))
    plan = make_plan(destination, folder, source.connection.identity, prune=False)
    if not options.json:
        print_plan(plan)
    outcomes = () if options.dry_run else apply(destination, plan, Event())
    if options.json:
        print_json(plan_json(plan) | {"outcomes": [outcome_json(outcome) for outcome in outcomes]})
    else:
        print_outcomes(outcomes)
    return int(failed(plan, outcomes))


def _chosen(client: CondaStoreClient, patterns: list[str]) -> Iterator[Environment]:
    """Yield the environments that are named, each once; NotFound for one that does not exist."""
    seen: set[int] = set()
    for pattern in patterns:
        namespace, separator, name = pattern.partition("/")
        if not separator or not namespace or not name:
            raise InvalidRequest(f"{pattern!r} is not NAMESPACE/ENVIRONMENT; write it like analysis/data.")
        if name == "*":
            rows = services.environments(client, namespace="" if namespace == "*" else namespace)
        else:
            rows = [client.environment(namespace, name)]
        for environment in rows:
            if environment.id not in seen:
                seen.add(environment.id)
                yield environment


def _declared(client: CondaStoreClient, environment: Environment, options: argparse.Namespace) -> Declared:
    """Return an environment as the other server is to have it; a CondaStoreLabError where that cannot be."""
    from ..repositories.apply.declared import Declared
    from ..specifications.text import parse_specification, specification_text

    build_id = environment.current_build_id
    if build_id is None or environment.status is not BuildStatus.COMPLETED:
        raise NotLaunchable("It has no active build that succeeded; build it first.")
    namespace = options.into or environment.namespace
    where = f"build {build_id} of {environment.namespace}/{environment.name}"
    made_from = client.specification(build_id)
    if made_from.is_lockfile or not options.by_specification:
        lockfile = json.loads(made_from.text) if made_from.is_lockfile else client.lockfile(build_id)
        _require_reachable(lockfile, options.to)
        return Declared(where, namespace, environment.name, json.dumps(lockfile), True)
    parsed = parse_specification(made_from.text)
    text = specification_text({**parsed, "name": environment.name, "description": None})
    return Declared(where, namespace, environment.name, text, False)


def _require_reachable(lockfile: dict[str, object], destination: str) -> None:
    """Raise InvalidRequest for packages that only this machine can reach, unless the other server is here."""
    from ..specifications.addresses import is_loopback

    if is_loopback(destination):
        return
    rows = lockfile.get("package")
    for row in rows if isinstance(rows, list) else []:
        url = str(row.get("url", "")) if isinstance(row, dict) else ""
        if url.startswith("file:") or is_loopback(url):
            raise InvalidRequest(
                "Its packages come from a channel of this machine, which the other server cannot reach; "
                "--by-specification has them solved there."
            )
