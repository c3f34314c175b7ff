"""Git repositories: looked at and opened, each in a thread of its own whose progress is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..errors import InvalidRequest
from ..models import (
    ChangesRequest,
    OpenRequest,
    RepositoryChanges,
    RepositoryLink,
    RepositoryNames,
    RepositoryRequest,
    Visit,
    WriteBackRequest,
)
from ..notebooks.folder_default import below
from ..repositories.clone_link import link_of
from ..repositories.returning import Returning
from ..repositories.visit import Visits
from .base import CondaStoreHandler
from .operation import Parameter, operation


@dataclass(frozen=True)
class NamesRequest:
    """A repository whose branches and tags are asked for."""

    repository: str


class RepositoryHandler(CondaStoreHandler):
    """A route that works below the root of Jupyter's files."""

    @property
    def root(self) -> Path:
        """The folder of Jupyter's files; InvalidRequest where they are on no disk."""
        root = getattr(self.contents_manager, "root_dir", None)
        if not root:
            raise InvalidRequest(
                "Jupyter's files are not on this machine's disk, so no repository can be opened here."
            )
        return Path(root).resolve()

    @property
    def visits(self) -> Visits:
        """Return what looks at repositories and opens them."""
        return Visits(self.services, self.services.policy, self.root)


class LooksHandler(RepositoryHandler):
    """Looks at repositories."""

    @operation(Visit, status=202, body=RepositoryRequest)
    async def post(self, body: RepositoryRequest) -> Visit:
        """Begin to look at a repository; nothing of it stays."""
        return self.services.visits.start(partial(self.visits.look, body))


class OpeningsHandler(RepositoryHandler):
    """Openings of repositories."""

    @operation(Visit, status=202, body=OpenRequest)
    async def post(self, body: OpenRequest) -> Visit:
        """Begin to clone a repository and to have its environment here, as it was seen."""
        return self.services.visits.start(partial(self.visits.open, body))


class VisitHandler(CondaStoreHandler):
    """A look or an opening."""

    @operation(Visit)
    async def get(self, visit: str) -> Visit:
        """Say how far a look or an opening is."""
        return self.services.visits.get(visit)


class CancelVisitHandler(CondaStoreHandler):
    """A look's or an opening's end before its time."""

    @operation(Visit)
    async def post(self, visit: str) -> Visit:
        """Ask a look or an opening to stop."""
        return self.services.visits.cancel(visit)


class RepositoryNamesHandler(RepositoryHandler):
    """Branches and tags."""

    @operation(RepositoryNames, body=NamesRequest)
    async def post(self, body: NamesRequest) -> RepositoryNames:
        """Ask a repository for its branches and tags."""
        return await self.call(self.visits.names, body.repository)


class RepositoryChangesHandler(RepositoryHandler):
    """The changes that would be written back."""

    @operation(RepositoryChanges, body=ChangesRequest)
    async def post(self, body: ChangesRequest) -> RepositoryChanges:
        """Say what changed in a clone since its last commit, with the packages that are to be added."""
        returning = Returning(self.root, self.services)
        return await self.call(returning.changes, body)


class WriteBackHandler(RepositoryHandler):
    """Writing back."""

    @operation(Visit, status=202, body=WriteBackRequest)
    async def post(self, body: WriteBackRequest) -> Visit:
        """Begin to commit and push what changed in a clone; what may not be pushed is saved beside it."""
        return self.services.visits.start(partial(Returning(self.root, self.services).write, body))


class RepositoryLinkHandler(RepositoryHandler):
    """Links to what is in a clone."""

    @operation(RepositoryLink, query=(Parameter("path"), Parameter("environment")))
    async def get(self, path: str, environment: str) -> RepositoryLink:
        """Make a link to a file or folder (of Jupyter's files) in a clone, and to an environment if named."""
        return await self.call(link_of, below(self.root, path), environment or None)
