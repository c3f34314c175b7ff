"""`jupyter conda-store`: the same core as the panel's, without a Jupyter server."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence

from ..errors import CondaStoreLabError
from . import (
    account,
    additions,
    apply,
    builds,
    check,
    completion,
    copies,
    downloads,
    environments,
    image,
    kernels,
    local,
    machine,
    mirror,
    namespaces,
    notebooks,
    pack,
    prune,
    repositories,
    run,
    solve,
    transfer,
    waiting,
    writeback,
)
from .command import Commands, Function, exit_code
from .terminal import complain

__all__ = ["main"]

EPILOG = """\
The server is the one that CONDA_STORE_URL, CONDA_STORE_AUTH, CONDA_STORE_TOKEN, CONDA_STORE_USERNAME,
CONDA_STORE_PASSWORD and CONDA_STORE_NO_VERIFY describe, else the local store while it runs.

exit codes: 0 done, 1 it failed, 2 wrong usage, 3 the server cannot be used, 4 not permitted,
5 not found, 6 nothing to launch, 124 too late, 130 cancelled; `run` ends with the command's own code.
"""

# In the order in which `--help` lists them.
GROUPS = (
    *(copies, run, additions, machine, kernels, notebooks, repositories, writeback),
    *(environments, apply, transfer, builds, waiting, solve, downloads, pack, image, namespaces),
    *(prune, mirror, account, check, local),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code, after one sentence on standard error if it failed."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    # each command says itself what failed
    logging.getLogger("conda_store_labext.copies.manager.failures").setLevel(logging.CRITICAL)
    try:
        function: Function = options.function
        return function(options)
    except CondaStoreLabError as error:
        complain(str(error))
        return exit_code(error.code)
    except KeyboardInterrupt:
        complain("cancelled; nothing half-done is left.")
        return 130
    except BrokenPipeError:
        # who read our output has gone; keep Python from complaining about it once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def parser() -> argparse.ArgumentParser:
    """Return the parser with every command that there is."""
    made = argparse.ArgumentParser(
        prog="jupyter conda-store",
        description="Get from an environment in conda-store to a running kernel.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = Commands(made)
    for group in GROUPS:
        group.add_commands(commands)
    completion.add_commands(commands, parser)
    return made


def _terminated(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
