"""`jupyter conda-store kernels`: kernels of environments that are fetched when they are started."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from fnmatch import fnmatch

from ..errors import NotFound
from . import services
from .command import Commands
from .terminal import print_json, print_removed, print_table

TEMPLATE = "e.g. '{environment} ({namespace} #{build})'; also {language} and {server}"


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("kernels", "Kernels that fetch their environment when they are started.")
    sub = group.add(
        "sync", sync, "Have a kernel for every environment that can be launched; nothing is downloaded."
    )
    sub.add_argument(
        "--namespace", action="append", default=[], metavar="NAMESPACE", help="only these namespaces"
    )
    sub.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="packages that bring a kernel, one of which an environment needs; by default ipykernel and "
        "r-irkernel",
    )
    sub.add_argument(
        "--pinned",
        action="store_true",
        help="kernels stay on the build that is active now, instead of following",
    )
    sub.add_argument("--display-name", metavar="TEMPLATE", help=TEMPLATE)

    group.add("list", list_, "List the kernels that `sync` made; asks no server.")

    sub = group.add("remove", remove, "Remove kernels that `sync` made; local copies stay.")
    sub.add_argument(
        "pattern",
        nargs="?",
        default="*",
        metavar="NAMESPACE/ENVIRONMENT",
        help="whose kernels, with * and ? for any; by default all",
    )


def sync(options: argparse.Namespace) -> int:
    """Make the kernels as the server has environments now."""
    from ..kernels.names import check_template
    from ..on_demand.specs import OnDemandKernels
    from ..on_demand.sync import DEFAULT_PACKAGES, KernelSync, SyncPolicy

    policy = SyncPolicy(
        namespaces=tuple(options.namespace),
        packages=tuple(options.package) or DEFAULT_PACKAGES,
        template=check_template(options.display_name) if options.display_name else None,
        pinned=options.pinned,
    )
    done = KernelSync(services.client(), OnDemandKernels(), policy).all()
    if options.json:
        print_json(asdict(done))
    else:
        print(f"{done.kernels} kernels: {len(done.written)} written, {len(done.removed)} removed")
    return 0


def list_(options: argparse.Namespace) -> int:
    """Show the kernels that are there."""
    from ..on_demand.specs import OnDemandKernels

    kernels = OnDemandKernels().list()
    if options.json:
        print_json([asdict(kernel) | {"name": kernel.name} for kernel in kernels])
    elif kernels:
        print_table(
            ["KERNEL", "DISPLAY NAME", "ENVIRONMENT"],
            [[kernel.name, kernel.display_name, str(kernel.identity)] for kernel in kernels],
        )
    return 0


def remove(options: argparse.Namespace) -> int:
    """Remove kernels by the names of their environments."""
    from ..on_demand.specs import OnDemandKernels

    specs = OnDemandKernels()
    names = [
        kernel.name
        for kernel in specs.list()
        if fnmatch(f"{kernel.identity.namespace}/{kernel.identity.environment}", options.pattern)
    ]
    if not names and options.pattern != "*":
        raise NotFound(
            f"`kernels sync` made no kernel of {options.pattern}; "
            "`jupyter conda-store kernels list` lists them."
        )
    specs.remove(names)
    print_removed(names, options.json)
    return 0
