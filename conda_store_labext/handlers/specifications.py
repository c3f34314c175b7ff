"""Specifications before they are built: solving one, and making one from a file."""

from __future__ import annotations

from ..conversion import convert
from ..models import Conversion, ConversionRequest, Preview, PreviewRequest
from .base import CondaStoreHandler
from .operation import operation


class PreviewHandler(CondaStoreHandler):
    """What a specification would become."""

    @operation(Preview, body=PreviewRequest)
    async def post(self, body: PreviewRequest) -> Preview:
        """Solve a specification, build nothing, and compare with a build if one is given."""
        return await self.call((await self.client()).preview, body.specification, body.since)


class ConversionHandler(CondaStoreHandler):
    """A file as a specification."""

    @operation(Conversion, body=ConversionRequest)
    async def post(self, body: ConversionRequest) -> Conversion:
        """Turn the text of an environment.yml, conda-lock.yml or requirements.txt into a specification."""
        return await self.call(convert, body.filename, body.text)
