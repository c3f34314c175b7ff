"""The records that notebooks get when they are saved, by whomever: Lab, a shared document, a script."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from jupyter_server.serverapp import ServerApp

from ..copies.services import Services
from ..errors import Cancelled, CondaStoreLabError
from ..kernels.names import METADATA, KernelIdentity
from ..models.build_ref import BuildRef
from ..notebooks.record import NotebookRecord, record, recorded

KEPT = 256  # records that are remembered


class Records:
    """Records for notebooks of the kernels that run; the server is asked for a lockfile once."""

    def __init__(self, services: Services, executor: Executor) -> None:
        self._services = services
        self._executor = executor
        self._known: dict[tuple[str, BuildRef], NotebookRecord] = {}

    def look_up(self, kernel: str, build: BuildRef) -> NotebookRecord:
        """Return the record of a build, with its lockfile if the server can be asked for it; blocking."""
        client = None
        with suppress(CondaStoreLabError):
            client = self._services.upstream.client()
        notebook_record = record(client, kernel, build)
        if notebook_record.lockfile:
            while len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)), None)
            self._known[kernel, build] = notebook_record
        return replace(notebook_record, additions=self._added(build))

    def put_into(self, metadata: dict[str, Any], kernel: str, build: BuildRef) -> None:
        """Put the record of a build into a notebook's metadata; asks nobody.

        A lockfile that is not known yet is there the next time.
        """
        notebook_record = self._known.get((kernel, build))
        if notebook_record is None:
            with suppress(Cancelled):  # the server is ending
                self._executor.submit(self.look_up, kernel, build)
            identity = KernelIdentity.of(metadata)
            if identity and identity.build == build:
                # with whatever it has, maybe its lockfile
                metadata[METADATA]["additions"] = list(self._added(build))
                return
            notebook_record = record(None, kernel, build)
        metadata[METADATA] = {**asdict(notebook_record), "additions": list(self._added(build))}

    def _added(self, build: BuildRef) -> tuple[str, ...]:
        """Return what was added to a build; a look at few small files, and at one folder if none changed."""
        return recorded(self._services.additions.of(build))


def running_build(kernel_manager: Any, kernel_id: str) -> tuple[str, BuildRef] | None:
    """Return the name of a kernel that runs and its build; None where it is none of ours."""
    if kernel_id not in kernel_manager:
        return None
    kernel = kernel_manager.get_kernel(kernel_id)
    identity = KernelIdentity.of(kernel.kernel_spec.metadata if kernel.kernel_spec else None)
    return (kernel.kernel_name, identity.build) if identity and identity.build else None


def record_at_save(serverapp: ServerApp, records: Records) -> None:
    """Have every notebook that is saved while a kernel of ours runs for it remember that kernel's build."""

    def before_save(model: dict[str, Any], path: str, **_: object) -> None:
        metadata = model["content"]["metadata"] if model.get("type") == "notebook" else None
        # the table that SessionManager keeps: its own methods need to be awaited, which a hook cannot do
        table = serverapp.session_manager.cursor
        row = table.execute("SELECT kernel_id FROM session WHERE path=?", (path.strip("/"),)).fetchone()
        running = running_build(serverapp.kernel_manager, str(row[0])) if row else None
        if running and isinstance(metadata, dict):
            records.put_into(metadata, *running)

    register = getattr(serverapp.contents_manager, "register_pre_save_hook", None)
    if register:  # what it raises is the contents manager's to log: the notebook is saved all the same
        register(before_save)
