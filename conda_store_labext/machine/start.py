"""Start of a kernel of an environment of this machine: its own command, as if it were activated."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import NoKernel, NotFound
from ..kernels.activation import Activation
from ..kernels.launch_spec import choose, launch_spec
from ..pipeline.prefix import FoundKernel
from ..store.paths import default_machine
from .finder import MachineEnvironment
from .prefixes import launchers

METADATA = "conda_store_machine"  # the key in the metadata of kernelspecs


def startable(environment: MachineEnvironment) -> list[FoundKernel]:
    """Return the kernels of an environment, Python ones first; raises what keeps it from being launched."""
    problem = environment.prefix.problem
    kernels = [] if problem else launchers(environment.path)
    if not kernels:
        message = problem.message if problem else "It has no kernel; add ipykernel to it."
        kind = NotFound if problem and problem.code == "python_gone" else NoKernel
        raise kind(f"{environment.display_name} cannot be launched. {message}")
    return kernels


def activation_of(environment: MachineEnvironment) -> Activation:
    """Return how an environment is activated; conda's activation scripts run when they are new."""
    if not environment.prefix.kind.of_conda:
        return Activation(environment.path, environment.name, virtual=True)
    cache = default_machine()
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
    return Activation(environment.path, environment.name, cache=cache / f"{environment.key}.json")


def kernel_spec(
    environment: MachineEnvironment, kernel: str | None = None, language: str = ""
) -> dict[str, Any]:
    """Return an environment's own kernel.json, to be started activated, with the folder of its logos."""
    chosen = choose(startable(environment), kernel, language)
    spec = launch_spec(chosen, environment.path)
    program = Path(spec["argv"][0])
    if not program.is_absolute() or not os.access(program, os.X_OK):
        raise NoKernel(
            f"{environment.display_name} cannot be launched: its kernel {chosen.name!r} needs the program "
            f"{program.name!r}, which is not in it; install that kernel's package again."
        )
    mine = {"prefix": str(environment.path), "key": environment.key, "kernel": chosen.name}
    metadata = spec.get("metadata")
    return {
        **spec,
        "metadata": {**(metadata if isinstance(metadata, dict) else {}), METADATA: mine},
        "resource_dir": str(chosen.resource_dir),
    }
