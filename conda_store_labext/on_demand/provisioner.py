"""The kernel provisioner: a kernel whose environment is fetched, if it is not here, before it starts.

A kernelspec asks for it by its entry point's name, `conda-store-provisioner`. Whatever starts kernels through
jupyter_client then does: Lab, nbconvert, papermill, voila, consoles.
"""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..copies.services import Services, shared
from ..errors import InvalidRequest, NotFound
from ..kernels.names import METADATA, KernelIdentity
from ..kernels.overlaid import begin
from ..kernels.shadowing import require_unshadowed
from ..store.lock import FileLock
from ..store.paths import default_root, shared_roots
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .choose import Fetch, copy_here
from .old_kernels import whose
from .prepared import Prepared, prepared
from .specs import ENCRYPTION, OnDemandKernels
from .starts import SESSION_PATH, Start, under_way
from .waiting import fetched


class CondaStoreProvisioner(LocalProvisioner):
    """Fetches the environment that the kernelspec's `metadata.conda_store` names, then starts its kernel.

    A kernel stays on the build that it was started on when it is restarted, by whomever.
    """

    _prepared: Prepared | None = None
    _fetch: Fetch | None = None
    _copy: tuple[EnvironmentStore, StoredCopy] | None = None
    _held: FileLock | None = None
    _overlay: FileLock | None = None
    _path = ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Have the environment here and activated, and its own kernel's command in the kernelspec.

        Called before the kernel starts, and again before each restart; nothing in it blocks the event loop.
        """
        self._path = str((kwargs.get("env") or {}).get(SESSION_PATH, ""))
        preparation = self._prepared
        if preparation is None or not await asyncio.to_thread(self._hold):
            self._prepared = preparation = await self._prepare()
            if self.kernel_spec.metadata[METADATA].get("automatic") and self.kernel_spec.resource_dir:
                # a notebook may remember its name from now on
                folder = Path(self.kernel_spec.resource_dir)
                await asyncio.to_thread(OnDemandKernels(folder.parent).keep, folder.name)
        for name, value in preparation.fields.items():
            setattr(self.kernel_spec, name, value)
        self._require_encryption()
        if cwd := kwargs.get("cwd"):
            await asyncio.to_thread(require_unshadowed, preparation.fields["argv"], Path(cwd))
        session = dict(kwargs.get("env") or os.environ)
        argv, folder = preparation.fields["argv"], Path(kwargs.get("cwd") or "")
        begun = await asyncio.to_thread(
            begin, preparation.activation, session, preparation.variables, argv, folder
        )
        self._overlay = begun.lock
        for problem in begun.activated.problems:
            self.log.warning("%s: %s", preparation.activation.name, problem)
        self.kernel_spec.argv = list(begun.command)
        kwargs["env"] = begun.activated.variables
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel, which keeps its copy from being removed from then on by running from it."""
        try:
            return await super().launch_kernel(cmd, **kwargs)
        finally:
            self._release()

    async def shutdown_requested(self, restart: bool = False) -> None:
        """End a fetch that was for this kernel, which somebody shuts down before it has started."""
        self._end_fetch()
        await super().shutdown_requested(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """End a fetch that was for this kernel, then what the base class does.

        Called after a shutdown, and by nbclient when somebody presses Ctrl-C before the kernel has started.
        """
        self._end_fetch()
        self._release()
        await super().cleanup(restart)

    def _end_fetch(self) -> None:
        if self._fetch:
            self._fetch.end()

    async def _prepare(self) -> Prepared:
        metadata = self.kernel_spec.metadata
        services = shared()
        identity = KernelIdentity.of(metadata) or await asyncio.to_thread(whose, metadata, services)
        if identity is None:
            raise InvalidRequest(
                f"The kernel {self.kernel_spec.display_name!r} does not say which environment it belongs to; "
                "run `jupyter conda-store kernels sync`."
            )
        folder = Path(self.kernel_spec.resource_dir) if self.kernel_spec.resource_dir else None
        kernel, language = metadata[METADATA].get("kernel"), self.kernel_spec.language
        store = services.store if services else EnvironmentStore(default_root(), shared_roots())

        def prepare(copy: StoredCopy | None) -> Prepared | None:
            self._copy = (store, copy) if copy else None
            if copy is None or not self._hold():
                return None
            store.touch(copy.key)
            return prepared(copy, store, kernel, language, metadata)

        preparation = await asyncio.to_thread(lambda: prepare(copy_here(identity, store, folder)))
        if preparation is None:
            copy = await self._fetched(identity, folder, services)
            preparation = await asyncio.to_thread(prepare, copy)
        if preparation is None:
            raise NotFound(f"The copy of {identity} was removed just now; start the kernel again.")
        return preparation

    def _hold(self) -> bool:
        """Keep the chosen copy from being removed until its kernel runs; false when it is gone."""
        self._release()
        if self._copy:
            store, copy = self._copy
            self._held = store.hold(copy)
        return self._held is not None

    def _release(self) -> None:
        for lock in filter(None, (self._held, self._overlay)):
            lock.release()
        self._held = self._overlay = None

    async def _fetched(
        self, identity: KernelIdentity, folder: Path | None, services: Services | None
    ) -> StoredCopy:
        """Fetch a copy through the services that are shared, else through some for this kernel alone."""
        if services:
            return await self._waited(Fetch(identity, folder, services), lambda: None)

        from ..copies.progress import ProgressLine

        line = ProgressLine()
        own = Services.from_environment(line.copy)
        atexit.register(own.close)

        def close() -> None:
            own.close()
            atexit.unregister(own.close)

        try:
            return await self._waited(Fetch(identity, folder, own), close)
        finally:
            line.clear()

    async def _waited(self, fetch: Fetch, at_last: Callable[[], None]) -> StoredCopy:
        self._fetch = fetch
        try:
            with under_way(Start(self.kernel_id, self._path, fetch.end)):
                return await fetched(fetch, self._put_off_culling, at_last)
        finally:
            self._fetch = None

    def _put_off_culling(self) -> None:
        """Have a Jupyter server see that the kernel is wanted, which counts from its start."""
        manager = self.parent
        if manager is not None and (manager.has_trait("last_activity") or "last_activity" in vars(manager)):
            manager.last_activity = datetime.now(timezone.utc)

    def _require_encryption(self) -> None:
        """Raise InvalidRequest where encryption is required of a kernel that does not know it."""
        declared = self.kernel_spec.metadata.get(ENCRYPTION) or ()
        schemes = [declared] if isinstance(declared, str) else declared
        required = getattr(self.parent, "transport_encryption", "disabled") == "required"
        if required and "curve" not in {str(scheme).strip().lower() for scheme in schemes}:
            raise InvalidRequest(
                f"{KernelIdentity.of(self.kernel_spec.metadata)} has a kernel without encryption, "
                "which is required here; add a newer ipykernel to its specification and build it again."
            )
