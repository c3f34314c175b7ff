"""Kernelspecs of environments that need not be here: what lies in the user's kernelspec folder.

    <JUPYTER_DATA_DIR>/kernels/
        conda-store-<namespace>-<environment>-<...>/
            logo-*           its language's picture
            kernel.json      `metadata.conda_store` says whose it is and which build was active when it was
                             last looked at, which is when the file was last modified

They name the provisioner of this package. Who ignores provisioners finds a command in `argv` that does the
same for Python.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import CacheNotWritable
from ..kernels.folder import KernelspecFolder
from ..kernels.launcher_keys import launcher_keys
from ..kernels.names import METADATA, KernelIdentity, copy_of, kernel_name
from ..store.files import replace_text
from ..store.paths import default_kernels
from .logos import logos

PROVISIONER = "conda-store-provisioner"
ENCRYPTION = "supported_encryption"  # jupyter_client's key in a kernelspec's metadata
FRESH = 90.0  # seconds for which the active build that was seen last counts as the active one
STAGING = ".conda-store-synced-"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OnDemandKernel:
    """One such kernelspec; `active_build_id` is what it starts if nothing newer is known.

    An `automatic` one came by itself and goes by itself when others are preferred.
    """

    identity: KernelIdentity
    display_name: str
    language: str
    active_build_id: int
    automatic: bool = False

    @property
    def name(self) -> str:
        """The name of the kernel."""
        return kernel_name(self.identity)

    def spec(self) -> dict[str, Any]:
        """Return its kernel.json."""
        of, pinned = self.identity, self.identity.build_id
        owner = {**asdict(of), "active_build_id": self.active_build_id, "automatic": self.automatic}
        reference = f"{of.namespace}/{of.environment}" + (f":{pinned}" if pinned else "")
        metadata = {METADATA: owner, **launcher_keys(of, self.language)}
        return kernel_json(self.display_name, self.language, reference, metadata)


def kernel_json(
    display_name: str, language: str, reference: str, metadata: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the kernel.json of a kernel that fetches its environment, or the build `reference`."""
    python = language.lower() == "python"
    command = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return {
        "argv": ["jupyter-conda-store", "run", reference, "--", *command],
        "display_name": display_name,
        "language": language,
        "metadata": {
            "debugger": python,
            # needed before the environment is here, whose own kernelspec has the last word: `provisioner`
            **({ENCRYPTION: ["curve"]} if python else {}),
            "kernel_provisioner": {"provisioner_name": PROVISIONER},
            **metadata,
        },
    }


class OnDemandKernels:
    """The user's kernelspec folder, as far as it holds such kernelspecs."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_kernels()

    def list(self) -> tuple[OnDemandKernel, ...]:
        """Return those there are, by name; one that cannot be read is left out."""
        return tuple(kernel for _, kernel in self._read())

    def write(self, kernels: Iterable[OnDemandKernel]) -> tuple[str, ...]:
        """Write those that are new or changed, each in one step, and return their names.

        All of them count as looked at now. One that cannot be written is named in the log; where none can,
        that is CacheNotWritable.
        """
        existing = dict(self._read())
        changed: list[str] = []
        failed: dict[str, OSError] = {}
        wanted = {kernel.name: kernel for kernel in kernels}
        for name, kernel in wanted.items():
            try:
                if existing.get(name) == kernel:
                    os.utime(self.folder / name / "kernel.json")
                else:
                    self._write(name, kernel)
                    changed.append(name)
            except OSError as error:
                failed[name] = error
        for name, problem in failed.items():
            if len(failed) == len(wanted):
                raise CacheNotWritable(
                    f"Kernels cannot be written to {self.folder} ({problem.strerror}); "
                    "make that folder writable, or set JUPYTER_DATA_DIR to another one."
                ) from None
            log.warning("%s cannot be written: %s.", self.folder / name, problem.strerror)
        return tuple(changed)

    def keep(self, name: str) -> None:
        """Have a kernel stay that came by itself: from now on somebody may rely on its name.

        It counts as looked at when it was before. Where nothing can be written it stays as it is.
        """
        file = self.folder / name / "kernel.json"
        kernel = read_on_demand(file.parent)
        if kernel and kernel.automatic:
            with suppress(OSError):
                seen = file.stat()
                self._write(name, replace(kernel, automatic=False))
                os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    def remove(self, names: Iterable[str]) -> None:
        """Remove the kernelspecs of these names, each in one step."""
        specs = KernelspecFolder(self.folder, STAGING)
        for name in names:
            with suppress(FileNotFoundError), specs.alone():
                specs.take_away(name)

    def _read(self) -> Iterator[tuple[str, OnDemandKernel]]:
        try:
            folders = sorted(self.folder.iterdir())
        except OSError:
            return
        for folder in folders:
            if folder.name.startswith("conda-store-") and not copy_of(folder.name):
                kernel = read_on_demand(folder)
                if kernel:
                    yield folder.name, kernel

    def _write(self, name: str, kernel: OnDemandKernel) -> None:
        text = json.dumps(kernel.spec(), indent=1)
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(folder / "kernel.json", text, 0o644)
        for logo, content in logos(kernel.language).items():
            (folder / logo).write_bytes(content)


def read_on_demand(folder: Path) -> OnDemandKernel | None:
    """Read the kernelspec in a folder; None when it is none of these."""
    try:
        spec = json.loads((folder / "kernel.json").read_text("utf-8"))
        metadata = spec["metadata"]
        if metadata["kernel_provisioner"]["provisioner_name"] != PROVISIONER:
            return None
        identity = KernelIdentity.of(metadata)
        active = metadata[METADATA]["active_build_id"]
        if identity is None or not isinstance(active, int):
            return None
        automatic = bool(metadata[METADATA].get("automatic"))
        return OnDemandKernel(identity, str(spec["display_name"]), str(spec["language"]), active, automatic)
    except (OSError, ValueError, LookupError, TypeError):
        return None


def fresh_build(folder: Path) -> int | None:
    """Return the active build as the kernelspec in a folder has it, None when that is not fresh any more."""
    try:
        if abs(time.time() - (folder / "kernel.json").stat().st_mtime) > FRESH:
            return None
    except OSError:
        return None
    kernel = read_on_demand(folder)
    return kernel.active_build_id if kernel else None
