"""`jupyter conda-store copy`, `local export` and `import`: environments of one conda-store to another."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from ..errors import InvalidRequest, NotConfigured
from ..models import Environment
from . import services
from .command import Commands
from .outcomes import failed, outcome_json, plan_json, print_outcomes, print_plan
from .terminal import complain, print_json

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..repositories.apply.moving import Export

TOKEN = "CONDA_STORE_DESTINATION_TOKEN"
CHOSEN = "NAMESPACE/* is all of a namespace, */* all that there are"


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "copy", copy, f"Copy environments to another conda-store; {TOKEN} is the token for that."
    )
    sub.add_argument(
        "environments",
        nargs="+",
        metavar="NAMESPACE/ENVIRONMENT",
        help=f"of the server in use; {CHOSEN}",
    )
    sub.add_argument("--to", required=True, metavar="URL", help="the other conda-store, as CONDA_STORE_URL")
    _add_options(sub)


def add_local_commands(local: Commands) -> None:
    """Add the commands for the local store to those of `local`."""
    sub = local.add("export", export, "Write the local store's environments into a file, by lockfile.")
    sub.add_argument("file", type=Path, metavar="FILE")
    sub.add_argument(
        "environments",
        nargs="*",
        default=["*/*"],
        metavar="NAMESPACE/ENVIRONMENT",
        help=f"by default all; {CHOSEN}",
    )
    sub = local.add("import", import_, "Build the environments of such a file.")
    sub.add_argument("file", type=Path, metavar="FILE")
    sub.add_argument(
        "--to",
        default="",
        metavar="URL",
        help=f"a conda-store for which {TOKEN} is the token; by default the local store",
    )
    _add_options(sub)


def _add_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--into", default="", metavar="NAMESPACE", help="by default the same as here")
    sub.add_argument(
        "--by-specification",
        action="store_true",
        help="solve again there instead of taking exactly the packages of the active build",
    )
    sub.add_argument("--dry-run", action="store_true", help="only show what would be done")


def copy(options: argparse.Namespace) -> int:
    """Copy the active builds; 1 if one of them could not be, the others are copied all the same."""
    from ..repositories.apply.moving import export as exported

    source, destination = services.client(), _destination(options.to)
    return _moved(exported(source, _chosen(source, options.environments)), destination, options)


def export(options: argparse.Namespace) -> int:
    """Write the active builds; 1 if one of them could not be taken along, the others are written."""
    from ..repositories.apply.moving import export as exported
    from ..repositories.apply.moving import write_export

    client = _local_store()
    export = exported(client, _chosen(client, options.environments))
    write_export(export, options.file)
    if options.json:
        names = [f"{moved.namespace}/{moved.name}" for moved in export.environments]
        print_json({"file": str(options.file), "environments": names, "left_out": export.left_out})
    else:
        for moved in export.environments:
            print(f"{moved.namespace}/{moved.name} #{moved.build_id}")
        print(f"wrote {options.file}")
        for name, reason in export.left_out.items():
            complain(f"{name}: {reason}")
    return int(bool(export.left_out))


def import_(options: argparse.Namespace) -> int:
    """Build what a file has; 1 if one of its environments could not be, or was left out of the file."""
    from ..repositories.apply.moving import read_export

    export = read_export(options.file)
    return _moved(export, _destination(options.to) if options.to else _local_store(), options)


def _destination(url: str) -> CondaStoreClient:
    """Return the client of another server once that has accepted the credentials for it."""
    from ..client.client import CondaStoreClient
    from ..client.connection import Connection

    token = os.environ.get(TOKEN, "")
    destination = CondaStoreClient(Connection(url, auth="token" if token else "none", token=token))
    destination.version()
    destination.require_authenticated()
    return destination


def _local_store() -> CondaStoreClient:
    """Return the client of the local store, whatever server is in use; NotConfigured unless it runs."""
    from ..copies.upstream import Upstream
    from ..local import LocalServer

    store = LocalServer()
    if store.credentials() is None:
        raise NotConfigured("The local store does not run; start it with `jupyter conda-store local start`.")
    return Upstream(None, store).client()


def _moved(export: Export, destination: CondaStoreClient, options: argparse.Namespace) -> int:
    """Have environments built that were exported; tell by the exit code whether all are there."""
    from ..repositories.apply.apply import apply
    from ..repositories.apply.moving import declared
    from ..repositories.apply.plan import make_plan

    url = destination.connection.url
    folder = declared(export, url, options.into, by_specification=options.by_specification)
    plan = make_plan(destination, folder, export.server, prune=False)
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
