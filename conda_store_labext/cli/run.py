"""`jupyter conda-store run`: any command in an environment, as if it were activated."""

from __future__ import annotations

import argparse
import os
import sys

from ..copies.services import Services
from ..errors import InvalidRequest, NotFound
from ..models.reference import Reference
from . import services
from .command import REFERENCE, Commands
from .terminal import complain


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
    from ..kernels.execution import NOT_FOUND, NotExecuted, become
    from ..kernels.launch_spec import activation_of

    done = services.fetched_one(Reference.parse(options.reference))
    store = Services.from_environment().store
    copy = store.get(done.key)
    held = store.hold(copy) if copy else None
    if copy is None or held is None:
        raise NotFound(f"The copy of {done.ref} was removed just now; try again.")
    held.keep_over_exec()
    activated = activation_of(copy, store.activation_cache(copy.key)).activate(os.environ)
    for problem in activated.problems:
        complain(f"{copy.ref}: {problem}")
    sys.stdout.flush()
    try:
        become(command, activated.variables)
    except NotExecuted as error:
        if error.code == NOT_FOUND:
            complain(
                f"{copy.ref} has no command {command[0]!r}; add the package that has it to the specification."
            )
        else:
            complain(f"{command[0]!r} of {copy.ref} {error}; look at its first line and its permissions.")
        return error.code
    return 0
