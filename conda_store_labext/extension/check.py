"""Check that this machine, its Jupyter and conda-store get along."""

from __future__ import annotations

from ..models.findings import Findings
from .base import CondaStoreHandler
from .operation import operation


class CheckHandler(CondaStoreHandler):
    """Findings about server, sign-in, archives, folders and kernels."""

    @operation(Findings)
    async def post(self) -> Findings:
        """Check them, which takes some seconds: the beginning of an archive is downloaded."""
        return await self.call(self._findings)

    def _findings(self) -> Findings:
        from ..on_demand.check import findings

        return Findings(tuple(findings(self.services)))
