"""Specifications before they are built: solving one, and making one from a file."""

from __future__ import annotations

from base64 import b64decode

from ..errors import CondaStoreLabError, InvalidRequest
from ..models import Conversion, ConversionRequest, PackageNames, PackageVersions, Preview, PreviewRequest
from ..specifications.convert import convert
from .base import CondaStoreHandler
from .operation import PAGE, SEARCH, operation, size


class PreviewHandler(CondaStoreHandler):
    """A solve of a specification that builds nothing."""

    @operation(Preview, body=PreviewRequest)
    async def post(self, body: PreviewRequest) -> Preview:
        """Solve a specification, build nothing, and compare with a build if one is given."""
        return await self.call((await self.client()).preview, body.specification, body.since)


class ConversionHandler(CondaStoreHandler):
    """A file as a specification."""

    @operation(Conversion, body=ConversionRequest)
    async def post(self, body: ConversionRequest) -> Conversion:
        """Turn an environment.yml, conda-lock.yml, requirements.txt or package list into a specification."""
        platform = await self.call(self._server_platform)
        return await self.call(convert, body.filename, _content(body), platform)

    def _server_platform(self) -> str:
        try:
            return self.services.upstream.client().platform()
        except CondaStoreLabError:  # a file can be converted before there is a server
            return ""


def _content(body: ConversionRequest) -> str | bytes:
    if body.base64 is None:
        return body.text
    try:
        # Jupyter's contents have line ends in it
        return b64decode("".join(body.base64.split()), validate=True)
    except ValueError:
        raise InvalidRequest("The file's content is not base64; send it without other characters.") from None


class PackageNamesHandler(CondaStoreHandler):
    """Names of packages."""

    @operation(PackageNames, query=(SEARCH, PAGE, size(50)))
    async def get(self, search: str, page: int, size: int) -> PackageNames:
        """List names of packages that contain the search, those that begin with it first."""
        return await self.call((await self.client()).package_names, search, page, size)


class PackageVersionsHandler(CondaStoreHandler):
    """Versions of a package."""

    @operation(PackageVersions)
    async def get(self, name: str) -> PackageVersions:
        """List the versions of a package, newest first."""
        return await self.call((await self.client()).package_versions, name)
