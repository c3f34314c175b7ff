"""Routes for what a notebook says of the packages that it needs, in a `# /// script` block (PEP 723)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import CondaStoreLabError
from ..models.build_ref import BuildRef
from ..notebooks.folder_default import below
from ..notebooks.requirements import (
    NotebookRequirements,
    lacking,
    read_notebook,
    recorded_requirements,
    requirements_of,
)
from ..specifications.script_block import with_dependencies
from .base import CondaStoreHandler
from .operation import Parameter, operation
from .records import running_build


@dataclass(frozen=True)
class BlockRequest:
    """The text of a cell, perhaps with a block, and packages as pip's requirements."""

    source: str
    packages: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """The text of a cell with a block."""

    source: str


class NotebookRequirementsHandler(CondaStoreHandler):
    """The requirements in a notebook."""

    @operation(NotebookRequirements, query=(Parameter("path", None), Parameter("kernel_id", None)))
    async def get(self, path: str, kernel_id: str) -> NotebookRequirements:
        """Say what a notebook's block asks for and the build of its kernel lacks; runs nothing.

        What its record names is left out of what is missing, as its status tells of that.
        """
        running = running_build(self.kernel_manager, kernel_id)
        root = getattr(self.contents_manager, "root_dir", None)
        if running is None or not root:
            return NotebookRequirements((), ())
        return await self.call(self._look, Path(root), path, running[1])

    @operation(Block, body=BlockRequest)
    async def post(self, body: BlockRequest) -> Block:
        """Return a cell's text with packages in its block; nothing is written."""
        return Block(await self.call(with_dependencies, body.source, body.packages))

    def _look(self, root: Path, path: str, build: BuildRef) -> NotebookRequirements:
        content = read_notebook(below(root.resolve(), path))
        try:
            requirements = requirements_of(content)
        except CondaStoreLabError:  # a block that is in the making
            return NotebookRequirements((), ())
        recorded = {text.partition("==")[0].lower() for text in recorded_requirements(content)}
        missing = (
            lacking(requirements, self.services.additions.versions(build.copy_key)) if requirements else ()
        )
        return NotebookRequirements(
            requirements, tuple(text for text in missing if text.partition("==")[0].lower() not in recorded)
        )
