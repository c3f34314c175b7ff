"""The provisioner of the portable kernel: the environment of the notebook's folder, found at each start.

Its kernelspec, `conda-store-folder`, comes with this package and says nothing about a machine, so that a
notebook that is shared with its folder starts on whatever environment the folder has where it is opened.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..kernels.activation import Activation
from .finder import Finder, MachineEnvironment
from .notebook import environment_named_in
from .start import activation_of, kernel_spec
from .trust import require_trusted

KERNEL = "conda-store-folder"
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


def folder_environment(folder: Path, notebook: str = "") -> MachineEnvironment:
    """Return the environment that a kernel in a folder starts from; `notebook` may name one of pixi's."""
    path = folder / Path(notebook).name if notebook else None
    return Finder().of_folder(folder, environment_named_in(path) if path else "")


def _prepared(folder: str, notebook: str) -> tuple[dict[str, Any], Activation]:
    environment = folder_environment(Path(folder).absolute(), notebook)
    require_trusted(environment)
    return kernel_spec(environment, language="python"), activation_of(environment)
