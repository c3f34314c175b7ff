"""From a command line to a sub-command."""

from __future__ import annotations

import os
import sys
import traceback
from typing import NoReturn

from .. import __version__
from . import create, describe, run
from .arguments import parse

COMMANDS = {
    "config": describe.config,
    "create": create.create,
    "env export": describe.export,
    "info": describe.info,
    "list": describe.list_packages,
}


def main(argv: list[str]) -> int:
    """Run a command line (without the program's name) and return its exit code."""
    if "--version" in argv:
        # mamba says its own version first, and who asks tells the two apart by that.
        first = ["mamba 1.5.10"] if os.environ.get("CONDA_STANDIN_NAME") == "mamba" else []
        print("\n".join([*first, f"conda {__version__}"]))
        return 0
    if argv[:1] == ["run"]:
        return run.run(argv[1:])
    words = 2 if argv[:1] == ["env"] else 1
    name = " ".join(argv[:words])
    if name not in COMMANDS:
        print(f"The stand-in for conda has no command `{name}`.", file=sys.stderr)
        return 2
    return COMMANDS[name](parse(name, argv[words:]))


def main_and_leave() -> NoReturn:
    """Run this process's command line and end the process.

    py-rattler's runtime threads now and then crash the interpreter in its final phase, after everything
    is written: hence the exit that skips it.
    """
    try:
        code = main(sys.argv[1:])
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
