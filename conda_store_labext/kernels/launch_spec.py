"""How a kernel of an environment is started: its own kernelspec, with the environment's files, activated."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import NoKernel
from ..pipeline.prefix import FoundKernel, kernels


def found_kernels(prefix: Path, namespace: str, environment: str) -> list[FoundKernel]:
    """Return every kernelspec of an environment, by name; NoKernel, with what to add, when there is none."""
    found = kernels(prefix)
    if not found:
        raise NoKernel(
            f"{namespace}/{environment} has no kernel; add a kernel package "
            "(ipykernel for Python, r-irkernel for R) to its specification and build it again."
        )
    return found


def choose(found: Sequence[FoundKernel], kernel: str | None = None, language: str = "") -> FoundKernel:
    """Return the kernel of that name, else one of that language, else a Python one, else the first."""

    def misfit(one: FoundKernel) -> tuple[bool, bool, bool, str]:
        speaks = str(one.spec.get("language", "")).lower()
        return one.name != kernel, speaks != language.lower(), speaks != "python", one.name

    return min(found, key=misfit)


def launch_spec(kernel: FoundKernel, prefix: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """Return an environment's kernel.json with its own program in `argv` and its activation in `env`."""
    return {
        **kernel.spec,
        "argv": _argv(kernel, prefix),
        "env": {**variables, **kernel.spec.get("env", {})},
    }


def _argv(kernel: FoundKernel, prefix: Path) -> list[str]:
    """Return the kernel's command with the environment's own program and folder in place of names."""
    argv = [str(part).replace("{resource_dir}", str(kernel.resource_dir)) for part in kernel.spec["argv"]]
    program = Path(argv[0])
    inside = prefix / "bin" / program.name
    if not program.is_relative_to(prefix) and os.access(inside, os.X_OK):
        argv[0] = str(inside)
    return argv
