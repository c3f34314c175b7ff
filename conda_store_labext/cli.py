"""`jupyter conda-store`: the same core as the panel's, without a Jupyter server."""

from __future__ import annotations

import argparse
import os
import signal
import string
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from .activation import activation
from .client.connection import connection_from_environment
from .errors import CondaStoreLabError, InvalidRequest, NotFound
from .inplace import InPlace, folders_in_place
from .kernelspecs import KernelspecRegistry
from .local import LocalStore
from .manager import MaterialisationManager
from .models import Environment, LocalStoreState, LocalStoreStatus, Materialisation
from .paths import default_root, links_files, shared_roots
from .prune import Pruner
from .reference import Reference
from .server import Server
from .sizelimit import SizeLimit, configured_limit
from .store import EnvironmentStore
from .terminal import ProgressLine, print_json, print_table
from .upkeep import Upkeep

PAGE = 100

EXIT_USAGE = 2
EXIT_NOT_FOUND = 127  # of `run`: as a shell says that there is no such command
EXIT_CODES = {
    "invalid_request": EXIT_USAGE,
    "not_configured": 3,
    "server_unreachable": 3,
    "server_timeout": 3,
    "server_error": 3,
    "not_authenticated": 4,
    "forbidden": 4,
    "not_found": 5,
    "not_launchable": 6,
    "no_kernel": 6,
    "cancelled": 130,
}

EPILOG = """\
The server is the one that CONDA_STORE_URL, CONDA_STORE_AUTH, CONDA_STORE_TOKEN, CONDA_STORE_USERNAME,
CONDA_STORE_PASSWORD and CONDA_STORE_NO_VERIFY describe, else the local store while it runs.

exit codes: 0 done, 1 it failed, 2 wrong usage, 3 the server cannot be used, 4 not permitted,
5 not found, 6 nothing to launch, 130 cancelled; `run` ends with the command's own code.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code, after one sentence on standard error if it failed."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except CondaStoreLabError as error:
        print(f"jupyter conda-store: {error}", file=sys.stderr)
        return EXIT_CODES.get(error.code, 1)
    except KeyboardInterrupt:
        print("jupyter conda-store: cancelled; nothing half-done is left.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # who read our output has gone; keep Python from complaining about it once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _terminated(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jupyter conda-store",
        description="Get from an environment in conda-store to a running kernel.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=command)
        return sub

    def add_json(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--json", action="store_true", help="print JSON on standard output")

    sub = add("list", _list, "List the environments that conda-store has and the copies that are here.")
    sub.add_argument("--search", default="", metavar="TEXT", help="only names that contain TEXT")
    sub.add_argument("--here", action="store_true", help="only the copies that are here; asks no server")
    add_json(sub)

    sub = add("pull", _pull, "Download an environment, fix its prefix and register its kernels.")
    sub.add_argument("reference", metavar="NAMESPACE/ENVIRONMENT[:BUILD]")
    add_json(sub)

    sub = add("remove", _remove, "Remove local copies (of every build, if none is named) and their kernels.")
    sub.add_argument("reference", metavar="NAMESPACE/ENVIRONMENT[:BUILD]")
    add_json(sub)

    sub = add("run", _run, "Run a command in an environment, which is downloaded first if needed.")
    sub.add_argument("reference", metavar="NAMESPACE/ENVIRONMENT[:BUILD]")
    sub.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- COMMAND...")

    Upkeep(_store, _server).add_commands(add)

    sub = add("local", _local, "Start, stop or look at the conda-store of this machine.")
    sub.add_argument("action", choices=("start", "stop", "status"))
    add_json(sub)

    sub = add("demo", _demo, "Start a local store, build three environments, open JupyterLab on them.")
    sub.add_argument("--no-browser", action="store_true", help="only print the URL")
    sub.add_argument("--port", type=int, help="port of JupyterLab")
    return parser


def _server() -> Server:
    return Server(connection_from_environment(), LocalStore())


def _store() -> EnvironmentStore:
    return EnvironmentStore(default_root(), shared_roots())


def _manager(on_change: Callable[[Materialisation], None] | None = None) -> MaterialisationManager:
    store, registry, limit = _store(), KernelspecRegistry(), configured_limit()
    return MaterialisationManager(
        _server(),
        store,
        registry,
        on_change=on_change,
        in_place=InPlace(folders_in_place()),
        link_files=links_files(),
        on_ready=None if limit is None else SizeLimit(Pruner(store, registry), limit).apply,
    )


def _list(options: argparse.Namespace) -> int:
    manager = _manager()
    if options.here:
        return _list_here(manager, options)
    server = _server()
    client = server.client()
    client.require_authenticated()
    found: list[Environment] = []
    page = 1
    while True:
        read = client.environments(options.search, page, PAGE)
        found += read.environments
        if not read.environments or page * PAGE >= read.count:
            break
        page += 1
    here: dict[tuple[str, str], list[Materialisation]] = {}
    for copy in manager.all(client.connection.identity):
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


def _list_here(manager: MaterialisationManager, options: argparse.Namespace) -> int:
    copies = [copy for copy in manager.all() if options.search in f"{copy.namespace}/{copy.environment}"]
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


def _materialised(reference: Reference) -> Materialisation:
    """Materialise a build with progress on the terminal; an interrupt cancels it and cleans up."""
    line = ProgressLine()
    manager = _manager(line.materialisation)
    try:
        return manager.wait(manager.start(reference).key)
    finally:
        manager.close()
        line.clear()


def _pull(options: argparse.Namespace) -> int:
    done = _materialised(Reference.parse(options.reference))
    if options.json:
        print_json(asdict(done))
    else:
        print(f"{done.namespace}/{done.environment} #{done.build_id} is ready in {done.prefix}")
        for kernel in done.kernels:
            print(f"kernel {kernel.name}: {kernel.display_name}")
    if done.error:
        print(f"jupyter conda-store: {done.error.message}", file=sys.stderr)
    return 0


def _remove(options: argparse.Namespace) -> int:
    reference = Reference.parse(options.reference)
    manager = _manager()
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


def _run(options: argparse.Namespace) -> int:
    command = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    if not command:
        raise InvalidRequest("There is no command to run; write it after `--`.")
    done = _materialised(Reference.parse(options.reference))
    variables = activation(Path(str(done.prefix)), done.environment)
    environ = dict(os.environ)
    environ |= {name: string.Template(value).safe_substitute(os.environ) for name, value in variables.items()}
    sys.stdout.flush()
    try:
        os.execvpe(command[0], command, environ)
    except FileNotFoundError:
        print(
            f"jupyter conda-store: {done.namespace}/{done.environment} #{done.build_id} has no command "
            f"{command[0]!r}; add the package that has it to the specification.",
            file=sys.stderr,
        )
        return EXIT_NOT_FOUND


def _local(options: argparse.Namespace) -> int:
    store = LocalStore()
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


def _demo(options: argparse.Namespace) -> int:
    from .demo import run

    return run(browser=not options.no_browser, port=options.port)


if __name__ == "__main__":
    sys.exit(main())
