"""Kernelspecs of fetched environments: their names, their kernel.json, registering and removing them.

    <JUPYTER_DATA_DIR>/kernels/
        conda-store-<namespace>-<environment>-<key>-<kernel>/
            kernel.json      argv and env of the environment, `metadata.conda_store` says whose it is
            logo-*           as the environment's own kernelspec has them

Every Jupyter program of the user reads that folder: a running server at the next request, nbconvert and
papermill at their next start.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import CacheNotWritable
from ..models import Kernel
from ..pipeline.prefix import FoundKernel
from ..store.paths import default_kernels
from ..store.records import StoredCopy
from .activation import Activation
from .folder import KernelspecFolder
from .launch_spec import activating_spec, activation_of, fingerprint, found_kernels, launch_spec, starts
from .launcher_keys import launcher_keys
from .names import METADATA, KernelIdentity, copy_of, kernel_name, language_label

STAGING = ".conda-store-kernelspec-"
MAX_LOGO = 1024 * 1024  # bytes
ACTIVATED = "activation"  # in the metadata: the `fingerprint` of how it is activated

log = logging.getLogger(__name__)


class KernelspecRegistry:
    """The user's kernelspec folder, as far as it holds kernels of fetched environments."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_kernels()
        self._specs = KernelspecFolder(self.folder, STAGING)

    def register(self, environment: StoredCopy, cache: Path | None = None) -> tuple[Kernel, ...]:
        """Register every kernelspec inside the environment and return them, Python ones first.

        What its activation scripts did is kept in the file `cache`, if one is named. Raises NoKernel when
        there is none, CacheNotWritable when the folder cannot be written.
        """
        kernelspecs = found_kernels(environment.prefix, environment.namespace, environment.environment)
        activation = activation_of(environment, cache)
        labels = _labels(kernelspecs)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._specs.alone():
                kernels = [
                    self._register(environment, kernel, labels[kernel.name], activation)
                    for kernel in kernelspecs
                ]
                return tuple(sorted(kernels, key=_python_first))
        except OSError as error:
            raise CacheNotWritable(
                f"The kernel of {environment.namespace}/{environment.environment} cannot be registered in "
                f"{self.folder} ({error.strerror}); make that folder writable, or set "
                "JUPYTER_DATA_DIR to another one, then launch it again."
            ) from None

    def of(self, key: str) -> tuple[Kernel, ...]:
        """Return the registered kernels of the environment with this key, reading no others."""
        return self.registered(key).get(key, ())

    def registered(self, key: str | None = None) -> dict[str, tuple[Kernel, ...]]:
        """Return the registered kernels by the key of their environment, of all or of one."""
        kernels: dict[str, list[Kernel]] = {}
        for owner, kernel in self._found(key):
            kernels.setdefault(str(owner["key"]), []).append(kernel)
        return {key: tuple(sorted(specs, key=_python_first)) for key, specs in kernels.items()}

    def current(self, environment: StoredCopy) -> tuple[Kernel, ...]:
        """Return the registered kernels of the environment that start it as it is activated now."""
        now = fingerprint(activation_of(environment))
        return tuple(
            sorted(
                (kernel for owner, kernel in self._found(environment.key) if owner.get(ACTIVATED) == now),
                key=_python_first,
            )
        )

    def outdated(self, environments: Iterable[StoredCopy]) -> list[StoredCopy]:
        """Return those of the environments whose registered kernels start one as it was activated before."""
        written: dict[str, set[object]] = {}
        for owner, _ in self._found(None):
            written.setdefault(str(owner["key"]), set()).add(owner.get(ACTIVATED))
        return [
            environment
            for environment in environments
            if environment.key in written
            and written[environment.key] != {fingerprint(activation_of(environment))}
        ]

    def unregister(self, key: str) -> tuple[str, ...]:
        """Remove the kernelspecs of the environment with this key and return their names."""
        names = tuple(kernel.name for kernel in self.of(key))
        self.discard(names)
        return names

    def dangling(self) -> tuple[str, ...]:
        """Return the names of the kernelspecs whose environment is not there any more."""
        gone = []
        for path in self._of_copies():
            spec = _read(path)
            prefix = (_owner(spec) or {}).get("prefix")
            if prefix and not Path(str(prefix)).is_dir():
                gone.append(path.parent.name)
        return tuple(gone)

    def discard(self, names: Iterable[str]) -> None:
        """Remove the kernelspecs of these names."""
        existing = [name for name in names if (self.folder / name).exists()]
        if existing:
            with self._specs.alone():
                for name in existing:
                    self._specs.take_away(name)

    def _found(self, key: str | None) -> Iterator[tuple[dict[str, Any], Kernel]]:
        """Yield the registered kernels of all environments or of one, each with what says whose it is."""
        for path in self._of_copies(key):
            spec = _read(path)
            owner = _owner(spec)
            if owner:
                if not starts(spec.get("argv") or ()):  # another Jupyter wrote it, which is gone
                    owner = {**owner, ACTIVATED: None}
                yield (
                    owner,
                    Kernel(
                        path.parent.name, str(spec.get("display_name", "")), str(spec.get("language", ""))
                    ),
                )

    def _of_copies(self, key: str | None = None) -> Iterator[Path]:
        """Yield the kernel.json of every kernel of a copy, or of one; all other kernels cost no reading."""
        try:
            folders = sorted(self.folder.iterdir())
        except OSError:
            return
        for folder in folders:
            copy_key = copy_of(folder.name)
            if copy_key and key in (None, copy_key):
                yield folder / "kernel.json"

    def _register(
        self,
        environment: StoredCopy,
        kernel: FoundKernel,
        label: str,
        activation: Activation,
    ) -> Kernel:
        name = kernel_name(KernelIdentity(**asdict(environment.ref)), kernel.name)
        display_name = f"{environment.ref} ({label})"
        spec = {
            **activating_spec(launch_spec(kernel, activation.prefix), activation),
            "display_name": display_name,
            "metadata": {
                **kernel.spec.get("metadata", {}),
                **launcher_keys(
                    environment, str(kernel.spec.get("language", "")), kernel.name, environment.prefix
                ),
                METADATA: {
                    "key": environment.key,
                    **asdict(environment.ref),
                    "kernel": kernel.name,
                    "prefix": str(environment.prefix),
                    ACTIVATED: fingerprint(activation),
                },
            },
        }

        def add_logos(folder: Path) -> None:
            for logo in kernel.resource_dir.glob("logo-*"):
                _copy_logo(logo, folder)

        self._specs.put(name, spec, add_logos)
        return Kernel(name, display_name, str(spec.get("language", "")))


def _copy_logo(logo: Path, folder: Path) -> None:
    """Copy a picture; what is none, or cannot be read, is left out and named in the log."""
    try:
        if not logo.is_file() or logo.stat().st_size > MAX_LOGO:
            log.warning("%s is left out: it is not a file of at most %d bytes.", logo, MAX_LOGO)
        else:
            shutil.copyfile(logo, folder / logo.name)
    except OSError as error:
        log.warning("%s is left out: %s.", logo, error.strerror)


def _labels(kernelspecs: list[FoundKernel]) -> dict[str, str]:
    """Return what tells an environment's kernels apart: the language, or the kernel's own name for it."""
    languages = [str(kernel.spec.get("language", "")) for kernel in kernelspecs]
    return {
        kernel.name: language_label(language)
        if language and languages.count(language) == 1
        else str(kernel.spec.get("display_name", kernel.name))
        for kernel, language in zip(kernelspecs, languages, strict=True)
    }


def _python_first(kernel: Kernel) -> tuple[bool, str]:
    return kernel.language.lower() != "python", kernel.name


def _read(path: Path) -> dict[str, Any]:
    try:
        spec = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return spec if isinstance(spec, dict) else {}


def _owner(spec: dict[str, Any]) -> dict[str, Any] | None:
    metadata = spec.get("metadata")
    owner = metadata.get(METADATA) if isinstance(metadata, dict) else None
    return owner if isinstance(owner, dict) and "key" in owner else None
