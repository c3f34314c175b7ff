"""Routes that make an environment of a provider one of conda-store's: its specification, then its project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..copies.promotion import shared
from ..errors import InvalidRequest, NotFound
from ..models import Promotion
from ..models.providers import Sharer
from ..models.reference import Reference
from ..notebooks.folder_default import write_default
from .operation import operation
from .providers import ProviderHandler

_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class ProjectRequest:
    """The environment of conda-store's, as `namespace/name`, that a project's notebooks are to start on."""

    environment: str


@dataclass(frozen=True)
class ProjectFile:
    """The path of the file that says what a project's notebooks start on."""

    path: str


class SharingHandler(ProviderHandler):
    """A route of a provider whose environments can be shared."""

    async def sharer(self, name: str) -> Sharer:
        """Return the provider of that id if its environments can become conda-store's."""
        provider = await self.provider(name)
        if not isinstance(provider, Sharer):
            raise InvalidRequest("These environments cannot be shared through conda-store.")
        return provider


class SharedSpecificationHandler(SharingHandler):
    """An environment as a specification."""

    @operation(Promotion)
    async def get(self, provider: str, key: str) -> Promotion:
        """Return a specification with what was asked for in an environment; nothing is built."""
        chosen = await self.sharer(provider)
        asked = await self.call(chosen.asked, key)
        row = await self.call(chosen.environment, key)
        # a name that conda-store takes
        name = _NO_NAME.sub("-", row.name).strip("-.") or "shared"
        return await self.call(shared, name, asked, await self.client())


class ProjectHandler(SharingHandler):
    """The project of an environment."""

    @operation(ProjectFile, body=ProjectRequest)
    async def post(self, provider: str, key: str, body: ProjectRequest) -> ProjectFile:
        """Have new notebooks of an environment's project start on one of conda-store's, by a file there."""
        chosen = await self.sharer(provider)
        reference = Reference.parse(body.environment)
        row = await self.call(chosen.environment, key)
        if row.project is None:
            raise NotFound("This environment belongs to no folder, so that no notebooks start on it.")
        return ProjectFile(str(await self.call(write_default, Path(row.project), reference)))
