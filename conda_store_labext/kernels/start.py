"""Start a kernel of a copy: activate its environment in the session at hand, then become its program.

A registered kernelspec names this file, with an `Activation`, the variables of the environment's own
kernel.json, and the kernel's command as arguments. Whatever reads kernelspecs can start it. It costs some
30 ms, most of them for imports, so that what it imports is few; Python is told to look at nothing of the
session's or the notebook's folder.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conda_store_labext.kernels.activation import Activation
    from conda_store_labext.store.lock import FileLock

WAIT = 5.0  # seconds for whoever looks at the copy just now


def main(arguments: list[str]) -> int:
    """Become the kernel; return a shell's exit code where that cannot be."""
    from conda_store_labext.kernels.activation import Activation
    from conda_store_labext.kernels.execution import NotExecuted, become
    from conda_store_labext.kernels.overlaid import begin

    activation, (kernel, *command) = Activation.from_json(arguments[0]), arguments[1:]
    held = _hold(activation)
    begun = begin(activation, os.environ, json.loads(kernel), command, Path.cwd())
    for problem in begun.activated.problems:
        print(f"{activation.name}: {problem}", file=sys.stderr, flush=True)
    for lock in (held, begun.lock):
        if lock:
            lock.keep_over_exec()
    try:
        become(begun.command, begun.activated.variables)
    except NotExecuted as error:
        message = f"The kernel of {activation.name} did not start: {command[0]} {error}"
        print(f"{message}; repair the environment, or remove it and make it again.", file=sys.stderr)
        return error.code
    return 0


def _hold(activation: Activation) -> FileLock | None:
    """Keep a copy from being removed that does not show by this program, its own Python, to be in use."""
    from conda_store_labext.errors import CondaStoreLabError
    from conda_store_labext.store.lock import FileLock

    if activation.lock is None or Path(sys.executable).is_relative_to(activation.prefix):
        return None
    lock = FileLock(activation.lock, shared=True)
    with suppress(OSError, CondaStoreLabError):  # it can be used without one, too
        if lock.acquire_within(WAIT):
            return lock
    return None


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.exit(main(sys.argv[1:]))
