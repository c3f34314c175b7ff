"""The provisioner of the portable kernel: the environment of the notebook's folder, found at each start.

Its kernelspec, `conda-store-folder`, comes with this package and says nothing about a machine, so that a
notebook that is shared with its folder starts on whatever environment the folder has where it is opened.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..kernels.activation import Activation
from ..kernels.shadowing import require_unshadowed
from ..store.files import read_small
from .finder import Finder, MachineEnvironment
from .start import activation_of, kernel_spec
from .trust import require_trusted

KERNEL = "conda-store-folder"
MAX_NOTEBOOK = 64 * 1024 * 1024  # bytes
FIELDS = ("argv", "language", "interrupt_mode", "kernel_protocol_version", "metadata", "resource_dir")


class FolderProvisioner(LocalProvisioner):
    """Starts the kernel of the nearest environment, from the notebook's folder upwards."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Put the command and variables of the folder's environment into the kernelspec.

        Called before the kernel starts and before each restart, so that an environment that was made or
        changed meanwhile is used; nothing in it blocks the event loop.
        """
        environ = dict(kwargs.get("env") or os.environ)
        notebook = str(environ.get("JPY_SESSION_NAME", ""))
        spec, activation = await asyncio.to_thread(_prepared, str(kwargs.get("cwd") or ""), notebook)
        if cwd := kwargs.get("cwd"):
            await asyncio.to_thread(require_unshadowed, spec["argv"], Path(cwd))
        spec["metadata"] = {**self.kernel_spec.metadata, **spec["metadata"]}
        for name in FIELDS:
            if name in spec:
                setattr(self.kernel_spec, name, spec[name])
        activated = await asyncio.to_thread(activation.activate, environ, spec["env"])
        for problem in activated.problems:
            self.log.warning("%s: %s", activation.name, problem)
        self.kernel_spec.env = {}  # what it sets is set as the kernel starts
        kwargs["env"] = activated.variables
        return await super().pre_launch(**kwargs)


def folder_environment(folder: Path, notebook: str = "", finder: Finder | None = None) -> MachineEnvironment:
    """Return the environment that a kernel in a folder starts from; `notebook` may name one of pixi's."""
    path = folder / Path(notebook).name if notebook else None
    return (finder or Finder()).of_folder(folder, _named_in(path) if path else "")


def _named_in(notebook: Path) -> str:
    """Return the pixi environment in the notebook's `metadata["pixi-kernel"]`; empty where it says none."""
    try:
        content = json.loads(read_small(notebook, MAX_NOTEBOOK))
        name = content["metadata"]["pixi-kernel"]["environment"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""


def _prepared(folder: str, notebook: str) -> tuple[dict[str, Any], Activation]:
    environment = folder_environment(Path(folder).absolute(), notebook)
    require_trusted(environment)
    return kernel_spec(environment, language="python"), activation_of(environment)
