"""The kernel provisioner: a kernel whose environment is fetched, if it is not here, before it starts.

A kernelspec asks for it by its entry point's name, `conda-store-provisioner`. Whatever starts kernels through
jupyter_client then does: Lab, nbconvert, papermill, voila, consoles.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..copies.services import Services, shared
from ..errors import InvalidRequest
from ..kernels.activation import Activation
from ..kernels.launch_spec import activation_of, choose, found_kernels, launch_spec
from ..kernels.names import METADATA, KernelIdentity
from ..store.paths import default_root, shared_roots
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .choose import Fetch, copy_here
from .specs import OnDemandKernels


@dataclass(frozen=True)
class Prepared:
    """What starts a kernel: the kernelspec's `fields`, how its environment is activated, its variables."""

    fields: Mapping[str, Any]
    activation: Activation
    variables: Mapping[str, Any]


class CondaStoreProvisioner(LocalProvisioner):
    """Fetches the environment that the kernelspec's `metadata.conda_store` names, then starts its kernel.

    A kernel stays on the build that it was started on when it is restarted, by whomever.
    """

    _prepared: Prepared | None = None
    _fetch: Fetch | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Have the environment here and activated, and its own kernel's command in the kernelspec.

        Called before the kernel starts, and again before each restart; nothing in it blocks the event loop.
        """
        known = self._prepared
        if known is None or not await asyncio.to_thread(Path(known.fields["argv"][0]).exists):
            self._prepared = known = await self._prepare()
            if self.kernel_spec.metadata[METADATA].get("automatic") and self.kernel_spec.resource_dir:
                # a notebook may remember its name from now on
                folder = Path(self.kernel_spec.resource_dir)
                await asyncio.to_thread(OnDemandKernels(folder.parent).keep, folder.name)
        for name, value in known.fields.items():
            setattr(self.kernel_spec, name, value)
        session = dict(kwargs.get("env") or os.environ)
        activated = await asyncio.to_thread(known.activation.activate, session, known.variables)
        for problem in activated.problems:
            self.log.warning("%s: %s", known.activation.name, problem)
        kwargs["env"] = activated.variables
        return await super().pre_launch(**kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """End a fetch that was for this kernel alone, then what the base class does.

        Called after a shutdown, and by nbclient when somebody presses Ctrl-C before the kernel has started.
        """
        if self._fetch and not restart:
            await asyncio.to_thread(self._fetch.cancel)
        await super().cleanup(restart)

    async def _prepare(self) -> Prepared:
        metadata = self.kernel_spec.metadata
        identity = KernelIdentity.of(metadata)
        if identity is None:
            raise InvalidRequest(
                f"The kernel {self.kernel_spec.display_name!r} does not say which environment it belongs to; "
                "run `jupyter conda-store kernels sync`."
            )
        folder = Path(self.kernel_spec.resource_dir) if self.kernel_spec.resource_dir else None
        kernel, language = metadata[METADATA].get("kernel"), self.kernel_spec.language
        services = shared()
        store = services.store if services else EnvironmentStore(default_root(), shared_roots())

        def at_hand() -> Prepared | None:
            copy = copy_here(identity, store, folder)
            if copy:
                store.touch(copy.key)
            return _prepared(copy, store, kernel, language, metadata) if copy else None

        found = await asyncio.to_thread(at_hand)
        if found:
            return found
        copy = await self._fetched(identity, folder, services)
        return await asyncio.to_thread(_prepared, copy, store, kernel, language, metadata)

    async def _fetched(
        self, identity: KernelIdentity, folder: Path | None, services: Services | None
    ) -> StoredCopy:
        """Fetch a copy through the services that are shared, else through some for this kernel alone."""
        if services:
            return await asyncio.to_thread(Fetch(identity, folder, services).run)

        from ..copies.progress import ProgressLine

        line = ProgressLine()
        own = Services.from_environment(line.copy)
        fetch = self._fetch = Fetch(identity, folder, own)
        _before_exit(fetch.cancel)
        try:
            return await asyncio.to_thread(fetch.run)
        finally:
            self._fetch = None
            # also when whoever waited for the kernel has given up
            await asyncio.shield(asyncio.to_thread(fetch.cancel))
            line.clear()


def _before_exit(function: Callable[[], None]) -> None:
    """Call something before the interpreter waits for its threads, as after Ctrl-C; twice does no harm."""
    register: Callable[[Callable[[], None]], None] | None = getattr(threading, "_register_atexit", None)
    if register:
        with suppress(RuntimeError):  # it is ending already
            register(function)


def _prepared(
    copy: StoredCopy,
    store: EnvironmentStore,
    kernel: str | None,
    language: str,
    metadata: Mapping[str, Any],
) -> Prepared:
    """Return what starts a kernel of a copy; NoKernel where it has none."""
    found = found_kernels(copy.prefix, copy.namespace, copy.environment)
    chosen = choose(found, kernel, language)
    spec = launch_spec(chosen, copy.prefix, {})
    identity = {**metadata[METADATA], "build_id": copy.build_id, "key": copy.key, "kernel": chosen.name}
    fields = {
        "argv": spec["argv"],
        "env": {},  # what it sets is set as the kernel starts
        "language": spec.get("language", language),
        "interrupt_mode": spec.get("interrupt_mode", "signal"),
        "kernel_protocol_version": spec.get("kernel_protocol_version", ""),
        "metadata": {**spec.get("metadata", {}), **metadata, METADATA: identity},
        "resource_dir": str(chosen.resource_dir),
    }
    return Prepared(fields, activation_of(copy, store.activation_cache(copy.key)), spec["env"])
