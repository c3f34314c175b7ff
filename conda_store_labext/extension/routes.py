"""The table of routes."""

from __future__ import annotations

from functools import partial
from typing import Any

from jupyter_server.base.handlers import JupyterHandler

from .additions import (
    AdditionListHandler,
    AdditionsHandler,
    InstallHandler,
    KeepHandler,
    ModuleHandler,
    PromotionHandler,
)
from .artifacts import FILES, ArtifactHandler
from .base import CondaStoreHandler, NoRouteHandler
from .builds import BuildHandler, BuildsHandler, CancelBuildHandler, NewBuildHandler, RebuildHandler
from .check import CheckHandler
from .contents import ChangesHandler, LogHandler, PackagesHandler, SpecificationHandler
from .copies import CancelHandler, CopiesHandler, CopyHandler
from .environments import EnvironmentHandler, EnvironmentsHandler
from .files import FileCopiesHandler
from .kernels import KernelsHandler, KernelsSyncHandler, KernelStartsHandler
from .local_store import LocalStoreHandler, StatusHandler
from .namespaces import NamespaceHandler, NamespacesHandler, PermissionsHandler
from .nearest import FolderEnvironmentHandler
from .notebook_requirements import NotebookRequirementsHandler
from .notebooks import (
    FolderHandler,
    NamedKernelHandler,
    NotebookRebuildHandler,
    NotebookStatusHandler,
    RecordHandler,
)
from .open_page import OpenPageHandler
from .openapi import OpenApiHandler, document
from .providers import (
    ActivationHandler,
    CancelJobHandler,
    JobsHandler,
    ProvidedEnvironmentHandler,
    ProvidedEnvironmentsHandler,
    ProvidedKernelsHandler,
    ProvidedPackagesHandler,
    ProvidedPreviewHandler,
    ProvidersHandler,
    RecreateHandler,
    TrustHandler,
)
from .repositories import (
    CancelVisitHandler,
    LooksHandler,
    OpeningsHandler,
    RepositoryChangesHandler,
    RepositoryLinkHandler,
    RepositoryNamesHandler,
    VisitHandler,
    WriteBackHandler,
)
from .services import Services
from .sharing import ProjectHandler, SharedSpecificationHandler
from .specifications import ConversionHandler, PackageNamesHandler, PackageVersionsHandler, PreviewHandler

Route = tuple[str, type[JupyterHandler], dict[str, Any]]

Table = list[tuple[str, type[CondaStoreHandler]]]


def table() -> Table:
    """Return the pattern and the handler of every route, relative to the Jupyter server's base URL."""
    build = r"([0-9]{1,18})"
    key = r"([0-9a-f]+-[0-9]+)"
    return [
        (r"/conda-store/status", StatusHandler),
        (r"/conda-store/check", CheckHandler),
        (r"/conda-store/environments", EnvironmentsHandler),
        (r"/conda-store/environments/([^/]+)/([^/]+)", EnvironmentHandler),
        (r"/conda-store/environments/([^/]+)/([^/]+)/builds", BuildsHandler),
        (r"/conda-store/namespaces", NamespacesHandler),
        (r"/conda-store/namespaces/([^/]+)", NamespaceHandler),
        (r"/conda-store/permissions", PermissionsHandler),
        (r"/conda-store/builds", NewBuildHandler),
        (rf"/conda-store/builds/{build}", BuildHandler),
        (rf"/conda-store/builds/{build}/rebuild", RebuildHandler),
        (rf"/conda-store/builds/{build}/cancel", CancelBuildHandler),
        (rf"/conda-store/builds/{build}/log", LogHandler),
        (rf"/conda-store/builds/{build}/packages", PackagesHandler),
        (rf"/conda-store/builds/{build}/specification", SpecificationHandler),
        (rf"/conda-store/builds/{build}/changes", ChangesHandler),
        (rf"/conda-store/builds/{build}/artifacts/({'|'.join(FILES)})", ArtifactHandler),
        (r"/conda-store/preview", PreviewHandler),
        (r"/conda-store/specifications/convert", ConversionHandler),
        (r"/conda-store/packages", PackageNamesHandler),
        (r"/conda-store/packages/([^/]+)/versions", PackageVersionsHandler),
        (r"/conda-store/kernels", KernelsHandler),
        (r"/conda-store/kernels/sync", KernelsSyncHandler),
        (r"/conda-store/kernels/starts", KernelStartsHandler),
        (r"/conda-store/copies", CopiesHandler),
        (r"/conda-store/copies/file", FileCopiesHandler),
        (rf"/conda-store/copies/{key}", CopyHandler),
        (rf"/conda-store/copies/{key}/cancel", CancelHandler),
        (r"/conda-store/additions", AdditionsHandler),
        (rf"/conda-store/additions/{key}", AdditionListHandler),
        (rf"/conda-store/additions/{key}/packages", InstallHandler),
        (rf"/conda-store/additions/{key}/project", KeepHandler),
        (rf"/conda-store/additions/{key}/promotion", PromotionHandler),
        (r"/conda-store/modules", ModuleHandler),
        (r"/conda-store/notebooks/record", RecordHandler),
        (r"/conda-store/notebooks/status", NotebookStatusHandler),
        (r"/conda-store/notebooks/kernel", NamedKernelHandler),
        (r"/conda-store/notebooks/requirements", NotebookRequirementsHandler),
        (r"/conda-store/notebooks/rebuild", NotebookRebuildHandler),
        (r"/conda-store/notebooks/environment", FolderEnvironmentHandler),
        (r"/conda-store/folder", FolderHandler),
        (r"/conda-store/local-store", LocalStoreHandler),
        (r"/conda-store/providers", ProvidersHandler),
        (r"/conda-store/providers/([^/]+)/environments", ProvidedEnvironmentsHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)", ProvidedEnvironmentHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/recreate", RecreateHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/activation", ActivationHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/trust", TrustHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/specification", SharedSpecificationHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/project", ProjectHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/kernels", ProvidedKernelsHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/packages", ProvidedPackagesHandler),
        (r"/conda-store/providers/([^/]+)/environments/([^/]+)/packages/preview", ProvidedPreviewHandler),
        (r"/conda-store/jobs", JobsHandler),
        (r"/conda-store/jobs/([^/]+)/cancel", CancelJobHandler),
        (r"/conda-store/repositories/looks", LooksHandler),
        (r"/conda-store/repositories/openings", OpeningsHandler),
        (r"/conda-store/repositories/names", RepositoryNamesHandler),
        (r"/conda-store/repositories/changes", RepositoryChangesHandler),
        (r"/conda-store/repositories/writings", WriteBackHandler),
        (r"/conda-store/repositories/link", RepositoryLinkHandler),
        (r"/conda-store/repositories/visits/([^/]+)", VisitHandler),
        (r"/conda-store/repositories/visits/([^/]+)/cancel", CancelVisitHandler),
        (r"/conda-store/openapi\.json", OpenApiHandler),
    ]


def routes(services: Services) -> list[Route]:
    """Return every route with what its handler is made from."""
    listed = table()
    described = {"services": services, "describe": partial(document, table())}
    plain = {"services": services}
    listed.append((r"/conda-store/.*", NoRouteHandler))
    page: Route = (r"/conda-store/open", OpenPageHandler, plain)
    return [
        page,
        *(
            (pattern, handler, described if handler is OpenApiHandler else plain)
            for pattern, handler in listed
        ),
    ]
