"""Services of a Jupyter server: those that every program has, and what works in its background."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..copies import services
from ..copies.services import Settings
from ..local.background import LocalStarter
from ..models import Job, LocalCopy, LocalStoreStatus
from ..on_demand.background import KernelSyncThread
from ..on_demand.sync import SyncPolicy
from ..repositories.policy import Policy
from .jobs import Jobs
from .records import Records
from .visits import VisitRuns

REQUEST_THREADS = 8


class Services(services.Services):
    """Services of the handlers; blocking calls run in `executor`. Making them reads neither disk nor network.

    `on_change`, `on_local_change` and `on_job` are called, from any thread, with every new state of a copy,
    of the local conda-store and of a job; `sync_interval` is in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        policy: SyncPolicy,
        repositories: Policy,
        *,
        sync_limit: int,
        sync_interval: float,
        detach_local_server: bool,
        on_change: Callable[[LocalCopy], None],
        on_local_change: Callable[[LocalStoreStatus], None],
        on_job: Callable[[Job], None],
    ) -> None:
        super().__init__(settings, on_change)
        self.local = LocalStarter(self.upstream.local, detach=detach_local_server, on_change=on_local_change)
        self.kernels = KernelSyncThread(
            self.upstream, self.store, policy, limit=sync_limit, interval=sync_interval
        )
        self.jobs = Jobs(on_job)
        self.policy = repositories
        self.visits = VisitRuns()
        self.executor = ThreadPoolExecutor(REQUEST_THREADS, thread_name_prefix="conda-store-request")
        self.records = Records(self, self.executor)

    def close(self) -> None:
        """Cancel what is under way, so that nothing half-made and no process is left."""
        self.kernels.stop()
        self.jobs.close()
        self.visits.close()
        self.executor.shutdown(wait=False, cancel_futures=True)
        super().close()
