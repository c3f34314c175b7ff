"""The start of an environment's kernel: its own kernelspec, with the environment's files, activated."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import NoKernel
from ..pipeline.prefix import FoundKernel, kernels
from ..store.layout import lock_of
from ..store.overlays import Overlays
from ..store.records import StoredCopy
from . import start
from .activation import Activation

# nothing of the session's is looked at, nothing is written beside the program
OPTIONS = ("-I", "-S", "-B")
OLDEST = 10  # of Python 3, for which this package is written


def found_kernels(prefix: Path, namespace: str, environment: str) -> list[FoundKernel]:
    """Return every kernelspec of an environment, by name; NoKernel, with what to add, when there is none."""
    kernelspecs = kernels(prefix)
    if not kernelspecs:
        raise NoKernel(
            f"{namespace}/{environment} has no kernel; add a kernel package "
            "(ipykernel for Python, r-irkernel for R) to its specification and build it again."
        )
    return kernelspecs


def choose(kernelspecs: Sequence[FoundKernel], kernel: str | None = None, language: str = "") -> FoundKernel:
    """Return the kernel of that name, else one of that language, else a Python one, else the first."""

    def misfit(candidate: FoundKernel) -> tuple[bool, bool, bool, str]:
        speaks = str(candidate.spec.get("language", "")).lower()
        return candidate.name != kernel, speaks != language.lower(), speaks != "python", candidate.name

    return min(kernelspecs, key=misfit)


def launch_spec(kernel: FoundKernel, prefix: Path) -> dict[str, Any]:
    """Return an environment's kernel.json with its own program in `argv`; its `env` is never missing."""
    return {**kernel.spec, "argv": _argv(kernel, prefix), "env": {**kernel.spec.get("env", {})}}


def activation_of(copy: StoredCopy, cache: Path | None = None) -> Activation:
    """Return how a copy is activated; what its scripts did is kept in the file `cache`, if one is named."""
    return Activation(
        copy.prefix,
        copy.environment,
        dict(copy.variables),
        cache,
        kept=copy.origin != "own",
        isolated=True,
        overlay=Overlays().of(copy),
        lock=lock_of(copy.prefix) if copy.origin == "own" else None,
    )


def activating_spec(spec: Mapping[str, Any], activation: Activation) -> dict[str, Any]:
    """Return what `launch_spec` does as one that activates the environment in the session it is started in.

    Its `argv` begins with a program that does so and becomes the kernel, for whatever starts kernels. The
    environment's own Python runs it, where there is one, so that the copy is seen to be in use at once.
    """
    program = [_python(activation.prefix), *OPTIONS, str(Path(start.__file__).absolute())]
    arguments = [activation.to_json(), json.dumps(spec["env"])]
    rest = {name: value for name, value in spec.items() if name != "env"}
    return {**rest, "argv": [*program, *arguments, *spec["argv"]]}


def starts(argv: Sequence[object]) -> bool:
    """Tell whether what the `argv` of `activating_spec` begins with is still there."""
    program = len(OPTIONS) + 1
    return len(argv) > program and all(Path(str(argv[at])).exists() for at in (0, program))


def fingerprint(activation: Activation) -> str:
    """Return what tells apart two ways in which a registered kernel may be activated; nothing is run."""
    overlay = activation.overlay and str(activation.overlay.folder)
    parts = (
        *(str(activation.prefix), activation.name, sorted(activation.variables.items()), activation.kept),
        *(activation.isolated, overlay, activation.lock is not None),
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _python(prefix: Path) -> str:
    """Return the environment's Python, ours where it has none that is new enough."""
    for minor in range(OLDEST, OLDEST + 20):
        python = prefix / f"bin/python3.{minor}"
        if os.access(python, os.X_OK):
            return str(python)
    return sys.executable


def _argv(kernel: FoundKernel, prefix: Path) -> list[str]:
    """Return the kernel's command with the environment's own program and folder in place of names."""
    argv = [str(part).replace("{resource_dir}", str(kernel.resource_dir)) for part in kernel.spec["argv"]]
    program = Path(argv[0])
    inside = prefix / "bin" / program.name
    if not program.is_relative_to(prefix) and os.access(inside, os.X_OK):
        argv[0] = str(inside)
    return argv
