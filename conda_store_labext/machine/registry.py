"""Named kernels of this machine's environments: kernelspecs that go when their environment goes.

    <JUPYTER_DATA_DIR>/kernels/
        machine-<name>-<key>[-<kernel>]/
            kernel.json      argv of the environment, activated; `metadata.conda_store_machine` says which
            logo-*           as the environment's own kernelspec has them

Every Jupyter program of the user can start them, as long as this package stays installed where it was.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import CacheNotWritable, InvalidRequest
from ..kernels.folder import KernelspecFolder
from ..kernels.launch_spec import activating_spec
from ..kernels.names import language_label
from ..models import Kernel
from ..pipeline.prefix import MAX_SPEC
from ..store.files import read_small
from ..store.paths import default_kernels
from .finder import MachineEnvironment
from .naming import kernel_name, printable
from .start import METADATA, activation_of, kernel_spec, startable

PREFIX = "machine-"
STAGING = ".conda-store-machine-"
MAX_NAME = 200  # characters of a name that somebody chooses


class MachineKernels:
    """The user's kernelspec folder, as far as it holds named kernels of this machine's environments."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_kernels()
        self._kernelspecs = KernelspecFolder(self.folder, STAGING)

    def register(self, environment: MachineEnvironment, display_name: str = "") -> tuple[Kernel, ...]:
        """Register every kernel of an environment, the first by `display_name`, and return them.

        Without a name it is the environment's. Raises NoKernel, InvalidRequest and CacheNotWritable.
        """
        named = display_name.strip() or environment.display_name
        if len(named) > MAX_NAME or printable(named) != named:
            raise InvalidRequest(f"A kernel's name has at most {MAX_NAME} printable characters; shorten it.")
        made: list[Kernel] = []
        kernels = startable(environment)
        try:
            activation = activation_of(environment)
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._kernelspecs.alone():
                for position, kernel in enumerate(kernels):
                    spec = activating_spec(kernel_spec(environment, kernel.name), activation)
                    label = language_label(str(spec.get("language", ""))) or kernel.name
                    spec["display_name"] = named if position == 0 else f"{named} [{label}]"
                    name = kernel_name(environment.path, kernel.name, position == 0)
                    self._write(name, spec)
                    made.append(Kernel(name, spec["display_name"], str(spec.get("language", ""))))
        except OSError as error:
            raise CacheNotWritable(
                f"The kernel of {environment.display_name} cannot be registered in {self.folder} "
                f"({error.strerror}); make that folder writable, then register it again."
            ) from None
        return tuple(made)

    def registered(self) -> dict[str, tuple[Kernel, ...]]:
        """Return the registered kernels by the key of their environment; those of a gone one are removed."""
        kernels: dict[str, list[Kernel]] = {}
        gone = []
        for name, spec in self._specs():
            mine = spec["metadata"][METADATA]
            if Path(str(mine["prefix"])).is_dir():
                kernel = Kernel(name, str(spec.get("display_name", "")), str(spec.get("language", "")))
                kernels.setdefault(str(mine["key"]), []).append(kernel)
            else:
                gone.append(name)
        if gone:
            self._remove(gone)
        return {
            key: tuple(sorted(specs, key=lambda entry: len(entry.name))) for key, specs in kernels.items()
        }

    def prefixes(self) -> tuple[Path, ...]:
        """Return the folders of the environments that have registered kernels."""
        named = (spec["metadata"][METADATA]["prefix"] for _, spec in self._specs())
        return tuple(dict.fromkeys(map(Path, named)))

    def unregister(self, key: str) -> tuple[str, ...]:
        """Remove the kernels of the environment with this key and return their names."""
        names = [name for name, spec in self._specs() if spec["metadata"][METADATA]["key"] == key]
        self._remove(names)
        return tuple(names)

    def _specs(self) -> Iterator[tuple[str, dict[str, Any]]]:
        try:
            folders = sorted(self.folder.iterdir())
        except OSError:
            return
        for folder in folders:
            if folder.name.startswith(PREFIX):
                try:
                    spec = json.loads(read_small(folder / "kernel.json", MAX_SPEC))
                    mine = spec["metadata"][METADATA]
                    if isinstance(mine["key"], str) and isinstance(mine["prefix"], str):
                        yield folder.name, spec
                except (OSError, ValueError, LookupError, TypeError, RecursionError):
                    continue

    def _write(self, name: str, spec: dict[str, Any]) -> None:
        logos = Path(spec.pop("resource_dir"))

        def add_logos(folder: Path) -> None:
            for logo in logos.glob("logo-*"):
                if logo.is_file():
                    shutil.copyfile(logo, folder / logo.name)

        self._kernelspecs.put(name, spec, add_logos)

    def _remove(self, names: list[str]) -> None:
        if not names:
            return
        try:
            with self._kernelspecs.alone():
                for name in names:
                    self._kernelspecs.take_away(name)
        except OSError as error:
            raise CacheNotWritable(
                f"Kernels cannot be removed from {self.folder} ({error.strerror}); "
                "make that folder writable, then try again."
            ) from None
