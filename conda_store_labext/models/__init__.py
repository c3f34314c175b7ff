"""The nouns that travel from the conda-store server to the panel, as frozen dataclasses.

`dataclasses.asdict` of each is its JSON, with the same names in `src/tokens.ts`. Times are ISO 8601
strings in UTC as the server gives them (naive), sizes are bytes.
"""

from __future__ import annotations

from .additions import (
    Addition,
    AdditionList,
    AdditionLists,
    AddRequest,
    KeepRequest,
    MissingModule,
    Promotion,
)
from .builds import Build, BuildDetail, BuildLog, BuildPage, BuildStatus, FirstError, Specification
from .copies import CopyList, CopyState, Kernel, LocalCopy, Step
from .environments import (
    Action,
    Environment,
    EnvironmentPage,
    Namespace,
    NamespaceAction,
    NamespaceList,
    Permissions,
)
from .packages import (
    Changes,
    Package,
    PackageManager,
    PackageNames,
    PackagePage,
    PackageVersions,
    VersionChange,
)
from .providers import (
    CreateRequest,
    EnvironmentListing,
    EnvironmentProvider,
    Job,
    PackageRequest,
    ProvidedEnvironment,
    Provider,
)
from .repositories import (
    OpenedRepository,
    OpenRequest,
    PassedOver,
    RepositoryLink,
    RepositoryLook,
    RepositoryManifest,
    RepositoryNames,
    RepositoryPackage,
    RepositoryRequest,
    RepositoryStep,
    Visit,
)
from .requests import (
    BuildRequest,
    ConversionRequest,
    CopyRequest,
    EnvironmentChange,
    NamespaceRequest,
    PreviewRequest,
)
from .specifications import Conversion, Preview
from .status import ErrorInfo, LocalStoreState, LocalStoreStatus, Status

__all__ = [
    "Action",
    "AddRequest",
    "Addition",
    "AdditionList",
    "AdditionLists",
    "Build",
    "BuildDetail",
    "BuildLog",
    "BuildPage",
    "BuildRequest",
    "BuildStatus",
    "Changes",
    "Conversion",
    "ConversionRequest",
    "CopyList",
    "CopyRequest",
    "CopyState",
    "CreateRequest",
    "Environment",
    "EnvironmentChange",
    "EnvironmentListing",
    "EnvironmentPage",
    "EnvironmentProvider",
    "ErrorInfo",
    "FirstError",
    "Job",
    "KeepRequest",
    "Kernel",
    "LocalCopy",
    "LocalStoreState",
    "LocalStoreStatus",
    "MissingModule",
    "Namespace",
    "NamespaceAction",
    "NamespaceList",
    "NamespaceRequest",
    "OpenRequest",
    "OpenedRepository",
    "Package",
    "PackageManager",
    "PackageNames",
    "PackagePage",
    "PackageRequest",
    "PackageVersions",
    "PassedOver",
    "Permissions",
    "Preview",
    "PreviewRequest",
    "Promotion",
    "ProvidedEnvironment",
    "Provider",
    "RepositoryLink",
    "RepositoryLook",
    "RepositoryManifest",
    "RepositoryNames",
    "RepositoryPackage",
    "RepositoryRequest",
    "RepositoryStep",
    "Specification",
    "Status",
    "Step",
    "VersionChange",
    "Visit",
]
