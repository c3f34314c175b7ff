"""`jupyter conda-store venv`: the environments of this machine, made, launched, changed and removed."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotFound
from . import machine_share
from .command import Commands
from .machine_choice import chosen, trusted
from .machine_packages import add, packages, uninstall, upgrade
from .run import become_activated, command_of
from .services import configured_services
from .terminal import complain, confirm, print_json, print_removed, print_table, reporter

if TYPE_CHECKING:
    from ..machine.provider import MachineProvider
    from ..models import ProvidedEnvironment

ENVIRONMENT = "ENVIRONMENT"
WHICH = "its folder, the folder of its project, or its name; by default that of the current folder"


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("venv", "Environments of this machine: virtual, conda and pixi environments.")
    machine_share.add_command(group)
    sub = group.add("list", list_, "List the environments of this machine; nothing is started to find them.")
    sub.add_argument(
        "folder",
        nargs="?",
        default=".",
        metavar="FOLDER",
        help="the folder whose environments come first; by default the current one",
    )

    sub = group.add("create", create, "Make a project's virtual environment, with ipykernel in it.")
    sub.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="the project's folder")
    sub.add_argument(
        "--requirement",
        "-r",
        default="",
        metavar="FILE",
        help="a requirements file, pyproject.toml, pylock.toml or uv.lock, whose packages it gets",
    )
    sub.add_argument("--name", default="", metavar="NAME", help="its folder's name; by default .venv")
    sub.add_argument(
        "--python", default="", metavar="VERSION", help="a version that is on this machine, or a path"
    )
    _add_display_name(sub)

    sub = group.add("register", register, "Have a kernel of an environment, for every Jupyter program.")
    _add_environment(sub)
    _add_display_name(sub)

    sub = group.add("unregister", unregister, "Remove the kernels that `register` made.")
    _add_environment(sub)

    sub = group.add("trust", trust, "Have kernels run what is in an environment that somebody else made.")
    sub.add_argument("environment", metavar=ENVIRONMENT, help="its folder, that of its project, or its name")

    sub = group.add("packages", packages, "List the packages of an environment.")
    _add_environment(sub)

    for name, function, about in (
        ("add", add, "Add packages to an environment."),
        ("upgrade", upgrade, "Upgrade packages of an environment."),
        ("uninstall", uninstall, "Remove packages from an environment."),
    ):
        sub = group.add(name, function, about)
        sub.add_argument("packages", nargs="+", metavar="PACKAGE")
        sub.add_argument("--environment", "-e", default=".", metavar=ENVIRONMENT, help=WHICH)
        sub.add_argument("--dry-run", action="store_true", help="only show what would change")

    sub = group.add("remove", remove, "Remove an environment with its kernels.")
    sub.add_argument("environment", metavar=ENVIRONMENT, help="its folder, that of its project, or its name")
    sub.add_argument("--yes", action="store_true", help="do not ask")

    sub = group.add("run", run, "Run a command in the environment of a folder.", json=False)
    sub.add_argument("--environment", "-e", default=".", metavar=ENVIRONMENT, help=WHICH)
    sub.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- COMMAND...")


def _add_environment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("environment", nargs="?", default=".", metavar=ENVIRONMENT, help=WHICH)


def _add_display_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--display-name", default="", metavar="TEXT", help="what its kernel is called")


def list_(options: argparse.Namespace) -> int:
    """List the environments, those of a folder's project first."""
    provider = configured_services().machine
    listing = provider.environments(Path(getattr(options, "folder", ".")).absolute())
    search = getattr(options, "search", "").lower()
    environments = [
        environment for environment in listing.environments if search in environment.display_name.lower()
    ]
    if listing.problem:
        complain(listing.problem)
    if options.json:
        print_json([asdict(environment) for environment in environments])
    else:
        print_table(
            ["ENVIRONMENT", "KERNEL", "STATE", "PREFIX"],
            [_cells(environment, provider) for environment in environments],
        )
    return 0


def _cells(row: ProvidedEnvironment, provider: MachineProvider) -> list[str]:
    from ..machine.naming import shown_path

    kernels = " ".join(kernel.name for kernel in row.kernels) or "-"
    state = row.problem.code.replace("_", " ") if row.problem else "launchable"
    return [row.display_name, kernels, state, shown_path(Path(str(row.prefix)), provider.finder.places.home)]


def create(options: argparse.Namespace) -> int:
    """Make an environment and say where it is and how it is launched."""
    from ..models import CreateRequest

    provider = configured_services().machine
    file = str(Path(options.requirement).absolute()) if options.requirement else ""
    request = CreateRequest(str(Path(options.folder).absolute()), options.name, file, options.python)
    made = provider.create(request, reporter(options), lambda: None)
    kernels = provider.register(made.key, options.display_name) if options.display_name else ()
    if options.json:
        print_json(asdict(made) | {"kernels": [asdict(kernel) for kernel in kernels]})
        return 0
    print(f"{made.display_name} is ready in {made.prefix}")
    for kernel in kernels:
        print(f"kernel {kernel.name}: {kernel.display_name}")
    return 0


def register(options: argparse.Namespace) -> int:
    """Have the kernels of an environment."""
    provider = configured_services().machine
    kernels = provider.register(trusted(provider, options.environment).key, options.display_name)
    if options.json:
        print_json([asdict(kernel) for kernel in kernels])
    else:
        for kernel in kernels:
            print(f"kernel {kernel.name}: {kernel.display_name}")
    return 0


def unregister(options: argparse.Namespace) -> int:
    """Remove the kernels of an environment."""
    provider = configured_services().machine
    environment = chosen(provider, options.environment)
    names = provider.unregister(environment.key)
    if not names:
        raise NotFound(f"{environment.display_name} has no registered kernel; `venv list` shows which have.")
    print_removed(names, options.json)
    return 0


def trust(options: argparse.Namespace) -> int:
    """Remember that what is in an environment may run."""
    provider = configured_services().machine
    environment = chosen(provider, options.environment)
    provider.trust(environment.key)
    if options.json:
        print_json({"prefix": str(environment.path)})
    else:
        print(f"what is in {environment.path} may run")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Remove an environment once somebody has agreed."""
    provider = configured_services().machine
    environment = chosen(provider, options.environment)
    confirm(f"Remove {environment.display_name} in {environment.path} with its kernels?", options.yes)
    provider.remove(environment.key)
    if options.json:
        print_json({"prefix": str(environment.path)})
    else:
        print(f"removed {environment.path}")
    return 0


def run(options: argparse.Namespace) -> int:
    """Become the command, so that signals and the exit code are its own."""
    from ..machine.start import activation_of

    command = command_of(options)
    environment = trusted(configured_services().machine, options.environment)
    return become_activated(activation_of(environment), environment.display_name, command)
