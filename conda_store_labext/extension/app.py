"""CondaStoreApp: the server extension's configuration, and the wiring of everything else."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import cast

from jupyter_events import EventLogger
from jupyter_server.extension.application import ExtensionApp

from ..copies.services import share, unshare
from ..kernels.session import ADDITIONS, KEEP_CREDENTIALS, USER_SITE, set_for_kernels
from ..on_demand.sync import SyncPolicy
from .events import Events
from .options.options import Options
from .records import record_at_save
from .routes import routes
from .services import Services
from .shutdowns import end_starts_at_shutdown, end_starts_of_sessions
from .start_checks import check_before_starts


class CondaStoreApp(Options, ExtensionApp):
    """The conda-store proxy of a Jupyter server: it alone holds the credentials.

    Every option's default comes from the variable of the conda-store client that its help names.
    """

    name = "conda_store_labext"
    extension_url = "/lab"
    load_other_extensions = True
    description = "Browse conda-store environments and run kernels on them."

    def initialize_settings(self) -> None:
        """Build what the handlers need; nothing here reads the disk or the network."""
        server = self.serverapp
        set_for_kernels(KEEP_CREDENTIALS, self.keep_credentials)
        set_for_kernels(USER_SITE, self.user_site)
        set_for_kernels(ADDITIONS, self.additions, "1")
        events = Events(cast("EventLogger", server.event_logger), server.io_loop)  # type: ignore[union-attr]
        self.services = Services(
            self.copy_settings(),
            SyncPolicy(
                tuple(self.sync_namespaces), tuple(self.sync_packages), self.kernel_display_name or None
            ),
            self.repository_policy(),
            sync_limit=self.sync_limit,
            sync_interval=self.sync_interval,
            detach_local_server=self.local_store_outlives_server,
            on_change=partial(events.emit, "copy"),
            on_local_change=partial(events.emit, "local_store"),
            on_job=partial(events.emit, "job"),
        )
        share(self.services)
        self._undo = (
            end_starts_at_shutdown(self.serverapp.kernel_manager),  # type: ignore[union-attr]
            end_starts_of_sessions(self.serverapp.session_manager),  # type: ignore[union-attr]
            check_before_starts(self.serverapp.session_manager),  # type: ignore[union-attr]
        )
        record_at_save(self.serverapp, self.services.records)  # type: ignore[arg-type]
        if self.sync_kernels:
            self.services.kernels.start()
        events.register()

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(routes(self.services))

    async def stop_extension(self) -> None:
        """Cancel what is under way, so that nothing half-made and no process is left."""
        unshare(self.services)
        for undo in self._undo:
            undo()
        await asyncio.get_running_loop().run_in_executor(None, self.services.close)
