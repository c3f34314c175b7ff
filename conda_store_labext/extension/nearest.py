"""Route for the environment of a notebook's folder."""

from __future__ import annotations

from pathlib import Path

from ..errors import NotFound
from ..machine.nearest import nearest
from ..models import FolderEnvironment
from ..notebooks.folder_default import below
from .base import CondaStoreHandler
from .operation import Parameter, operation


class FolderEnvironmentHandler(CondaStoreHandler):
    """The environment of a notebook's folder."""

    @operation(FolderEnvironment, query=(Parameter("path", None),))
    async def get(self, path: str) -> FolderEnvironment:
        """Say what the kernel of a notebook's folder would start from, and what keeps it from that."""
        root = getattr(self.contents_manager, "root_dir", None)
        if not root:
            raise NotFound("Jupyter's files are not on this machine's disk, so there is no folder.")
        return await self.call(self._look, Path(root), path)

    def _look(self, root: Path, path: str) -> FolderEnvironment:
        top = root.resolve()
        return nearest(self.services.machine, top, below(top, path))
