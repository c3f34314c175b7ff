"""Services of a Jupyter server: those that every program has, and what works in its background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ..client.pool import DaemonPool
from ..copies import services
from ..copies.services import Settings
from ..local.background import LocalStarter
from ..models import Job, LocalCopy, LocalStoreStatus
from ..on_demand import starts
from ..on_demand.background import KernelSyncThread
from ..on_demand.sync import SyncPolicy
from ..repositories.policy import Policy
from .jobs import Jobs
from .records import Records
from .visits import VisitRuns

REQUEST_THREADS = 8
ENDING = 4.0  # seconds for which a Jupyter server that ends waits for what is under way


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
        self.executor = DaemonPool(REQUEST_THREADS, "conda-store-request")
        self.records = Records(self, self.executor)

    def close(self) -> None:
        """Cancel what is under way and let it clean up behind itself, for `ENDING` seconds at most.

        What takes longer ends with this process: its threads are daemons, a worker of the pipeline cleans up
        when its parent has gone, and what is in a staging folder then is swept the next time.
        """
        starts.end_all()
        self.kernels.stop()
        self.executor.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + ENDING
        endings = [
            threading.Thread(target=close, name="conda-store-end", daemon=True)
            for close in (self.jobs.close, self.visits.close, super().close)
        ]
        for ending in endings:
            ending.start()
        for ending in endings:
            ending.join(max(0.0, deadline - time.monotonic()))
