"""`jupyter conda-store run`: any command in an environment, as if it were activated."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from ..models.reference import Reference
from . import services
from .command import REFERENCE, Commands
from .services import configured_services
from .terminal import complain

if TYPE_CHECKING:
    from ..kernels.activation import Activation


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "run", run, "Run a command in an environment, which is downloaded first if needed.", json=False
    )
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- COMMAND...")


def run(options: argparse.Namespace) -> int:
    """Become the command, so that signals and the exit code are its own."""
    from ..kernels.launch_spec import activation_of

    command = command_of(options)
    copy, held = services.held_copy(Reference.parse(options.reference))
    held.keep_over_exec()
    cache = configured_services().store.activation_cache(copy.key)
    activation = activation_of(copy, cache)
    return become_activated(activation, str(copy.ref), command, " to the specification")


def command_of(options: argparse.Namespace) -> list[str]:
    """Return the command behind `--`; InvalidRequest where there is none."""
    command: list[str] = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    if not command:
        raise InvalidRequest("There is no command to run; write it after `--`.")
    return command


def become_activated(activation: Activation, shown: str, command: list[str], where: str = "") -> int:
    """Become a command in the environment that is `shown` by that name; return a shell's code where it fails.

    `where` says to what a package is added, if not to the environment itself.
    """
    from ..kernels.execution import NOT_FOUND, NotExecuted, become

    activated = activation.activate(os.environ)
    for problem in activated.problems:
        complain(f"{shown}: {problem}")
    sys.stdout.flush()
    try:
        become(command, activated.variables)
    except NotExecuted as error:
        if error.code == NOT_FOUND:
            complain(f"{shown} has no command {command[0]!r}; add the package that has it{where}.")
        else:
            complain(f"{command[0]!r} of {shown} {error}; look at its first line and its permissions.")
        return error.code
    return 0
