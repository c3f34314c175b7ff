"""The table of routes."""

from __future__ import annotations

from .base import CondaStoreHandler, Services
from .builds import BuildHandler, BuildsHandler
from .environments import EnvironmentsHandler
from .kernels import KernelsHandler, KernelsSyncHandler
from .local_store import LocalStoreHandler
from .materialisations import CancelHandler, MaterialisationHandler, MaterialisationsHandler
from .status import StatusHandler

Route = tuple[str, type[CondaStoreHandler], dict[str, Services]]


def routes(services: Services) -> list[Route]:
    """Return every route, relative to the Jupyter server's base URL."""
    key = r"([0-9a-f]+-[0-9]+)"
    table: list[tuple[str, type[CondaStoreHandler]]] = [
        (r"/conda-store/status", StatusHandler),
        (r"/conda-store/environments", EnvironmentsHandler),
        (r"/conda-store/environments/([^/]+)/([^/]+)/builds", BuildsHandler),
        (r"/conda-store/builds/([0-9]{1,18})", BuildHandler),
        (r"/conda-store/kernels", KernelsHandler),
        (r"/conda-store/kernels/sync", KernelsSyncHandler),
        (r"/conda-store/materialisations", MaterialisationsHandler),
        (rf"/conda-store/materialisations/{key}", MaterialisationHandler),
        (rf"/conda-store/materialisations/{key}/cancel", CancelHandler),
        (r"/conda-store/local-store", LocalStoreHandler),
    ]
    return [(pattern, handler, {"services": services}) for pattern, handler in table]
