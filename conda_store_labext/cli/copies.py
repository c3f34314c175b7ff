"""`jupyter conda-store list`, `pull` and `remove`: what the server has, what is here, and moving it here."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..models import LocalCopy
from ..models.quantities import show_size
from ..models.reference import Reference
from . import machine, services
from .command import REFERENCE, Commands
from .environments import state
from .services import configured_services, configured_settings
from .terminal import complain, print_json, print_table


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add(
        "list", list_, "List the environments that conda-store has and the copies that are here."
    )
    sub.add_argument("--search", default="", metavar="TEXT", help="only names that contain TEXT")
    sub.add_argument("--here", action="store_true", help="only the copies that are here; asks no server")
    sub.add_argument(
        "--machine",
        action="store_true",
        help="the virtual, conda and pixi environments of this machine instead; asks no server",
    )

    sub = commands.add(
        "pull",
        pull,
        "Download environments, or make them of a lockfile or an archive, and register their kernels.",
    )
    sub.add_argument(
        "references",
        nargs="*",
        metavar=f"{REFERENCE} | FILE",
        help="a FILE is a conda-lock.yml, a pixi.lock, an @EXPLICIT list, or an archive of conda-pack's or "
        "pixi-pack's; it needs no conda-store",
    )
    sub.add_argument(
        "--as", dest="name", metavar="NAME", help="the name of the environment that is made of a FILE"
    )
    sub.add_argument("--environment", metavar="NAME", help="which environment of a pixi.lock")
    sub.add_argument(
        "--namespace",
        action="append",
        default=[],
        metavar="NAME",
        help="every environment of NAME that can be launched",
    )

    sub = commands.add(
        "remove", remove, "Remove local copies (of every build, if none is named) and their kernels."
    )
    sub.add_argument("references", nargs="+", metavar=REFERENCE)


def list_(options: argparse.Namespace) -> int:
    """List the server's environments, or only the copies that are here."""
    if options.machine:
        return machine.list_(options)
    if options.here:
        return _list_here(options)
    client = services.client()
    environments = services.environments(client, options.search)
    here: dict[tuple[str, str], list[LocalCopy]] = {}
    for copy in configured_services().manager.all(client.connection.identity):
        here.setdefault((copy.namespace, copy.environment), []).append(copy)
    if options.json:
        print_json(
            [
                asdict(environment)
                | {"here": [asdict(copy) for copy in here.get((environment.namespace, environment.name), ())]}
                for environment in environments
            ]
        )
        return 0
    rows = [
        [
            f"{environment.namespace}/{environment.name}",
            str(environment.current_build_id or "-"),
            state(environment),
            " ".join(f"#{copy.build_id}" for copy in here.get((environment.namespace, environment.name), ())),
        ]
        for environment in environments
    ]
    print_table(["ENVIRONMENT", "BUILD", "STATE", "HERE"], rows)
    return 0


def _list_here(options: argparse.Namespace) -> int:
    copies = [
        copy
        for copy in configured_services().manager.all()
        if options.search in f"{copy.namespace}/{copy.environment}"
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


def pull(options: argparse.Namespace) -> int:
    """Fetch builds and say which kernels they brought; what fails does not keep the others from coming."""
    chosen = _chosen(options)
    if not options.references and not options.namespace:
        raise InvalidRequest(f"Nothing was named to pull; write {REFERENCE}, or --namespace NAME.")
    ready: list[LocalCopy] = []
    failed: list[CondaStoreLabError] = []
    for reference, done in services.fetched(chosen, compiled=True):
        if isinstance(done, LocalCopy):
            ready.append(done)
            _say(done, options.json)
        elif len(chosen) == 1:
            raise done
        else:
            failed.append(done)
            complain(f"{services.named(reference)}: {done}")
    if options.json:
        rows = [asdict(done) for done in ready]
        print_json(rows[0] if len(options.references) == 1 and not options.namespace else rows)
    if failed:
        raise CondaStoreLabError(f"{len(failed)} of {len(chosen)} environments were not fetched, see above.")
    return 0


def _chosen(options: argparse.Namespace) -> list[services.Wanted]:
    """Return what is to be fetched: builds, and files that are looked at now."""
    from ..pipeline.packages.local_file import file_job, looks_like_file

    files = [text for text in options.references if looks_like_file(text)]
    if (options.name or options.environment) and len(files) != 1:
        raise InvalidRequest("--as and --environment need exactly one FILE; name only that.")
    settings = configured_settings()

    def wanted(text: str) -> services.Wanted:
        if text not in files:
            return Reference.parse(text)
        name, environment = options.name, options.environment
        return file_job(Path(text), settings.root, name, environment, share=settings.link_files)

    return [*map(wanted, options.references), *_launchable(options.namespace)]


def _launchable(namespaces: list[str]) -> list[Reference]:
    """Return the environments of namespaces, those left out that have nothing to launch."""
    if not namespaces:
        return []
    every = services.environments(services.client())
    return [
        Reference(environment.namespace, environment.name)
        for environment in every
        if environment.namespace in namespaces and environment.launchable
    ]


def _say(done: LocalCopy, json: bool) -> None:
    if not json:
        print(f"{done.namespace}/{done.environment} #{done.build_id} is ready in {done.prefix}", flush=True)
        if done.bytes_saved and done.bytes_saved > 0:
            whole = show_size(done.bytes_done + done.bytes_saved)
            print(
                f"by its packages: {show_size(done.bytes_done)} were fetched instead of {whole}", flush=True
            )
        for kernel in done.kernels:
            print(f"kernel {kernel.name}: {kernel.display_name}", flush=True)
    if done.error:
        complain(done.error.message)


def remove(options: argparse.Namespace) -> int:
    """Remove the copies of environments, or of single builds of them."""
    manager = configured_services().manager
    chosen = {
        copy.key: copy
        for text in options.references
        for copy in _copies(manager.all(), Reference.parse(text))
    }
    for copy in chosen.values():
        manager.remove(copy.key)
        if not options.json:
            print(f"removed {copy.namespace}/{copy.environment} #{copy.build_id}")
    if options.json:
        print_json([asdict(copy) for copy in chosen.values()])
    return 0


def _copies(here: tuple[LocalCopy, ...], reference: Reference) -> list[LocalCopy]:
    chosen = [copy for copy in here if reference.covers(copy)]
    if not chosen:
        raise NotFound(
            f"There is no local copy of {reference}; `jupyter conda-store list --here` lists them."
        )
    return chosen
