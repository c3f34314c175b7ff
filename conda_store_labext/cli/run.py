"""`jupyter conda-store run`: any command in an environment, as if it were activated."""

from __future__ import annotations

import argparse
import os
import string
import sys
from pathlib import Path

from ..copies.services import Services
from ..errors import InvalidRequest
from ..models.reference import Reference
from . import services
from .command import REFERENCE, Commands
from .terminal import complain

EXIT_NOT_FOUND = 127  # as a shell says that there is no such command


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "run", run, "Run a command in an environment, which is downloaded first if needed.", json=False
    )
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- COMMAND...")


def run(options: argparse.Namespace) -> int:
    """Become the command, so that signals and the exit code are its own."""
    command = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    if not command:
        raise InvalidRequest("There is no command to run; write it after `--`.")
    from ..kernels.activation import activation

    done = services.fetched_one(Reference.parse(options.reference))
    memory = Services.from_environment().store.memory(done.key)
    variables = activation(Path(str(done.prefix)), done.environment, memory)
    environ = dict(os.environ)
    environ |= {name: string.Template(value).safe_substitute(os.environ) for name, value in variables.items()}
    sys.stdout.flush()
    try:
        os.execvpe(command[0], command, environ)
    except FileNotFoundError:
        complain(
            f"{done.namespace}/{done.environment} #{done.build_id} has no command {command[0]!r}; "
            "add the package that has it to the specification."
        )
        return EXIT_NOT_FOUND
