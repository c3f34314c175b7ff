"""Requirements in a program or in a notebook's cell: a `# /// script` block (PEP 723)."""

from __future__ import annotations

from ...errors import InvalidRequest
from ...models import Conversion
from ..draft import Draft
from ..script_block import read_block
from ..source import Source
from ..toml_text import table, texts
from ..uv_sources import add_requirements
from ..writing import written
from .project import add_python


def read(source: Source) -> Conversion | None:
    """Read the block's dependencies, from where uv has them; its other tables count for nothing."""
    if source.suffix not in (".py", ".ipynb"):
        return None
    content = read_block(source.text)
    if content is None:
        return None
    draft = Draft(source)
    add_python(draft, content.get("requires-python"))
    add_requirements(draft, texts(content.get("dependencies")), table(content, "tool", "uv"))
    if not draft.pip:
        raise InvalidRequest("The block `# /// script` lists no dependencies.")
    draft.settle_with_python()
    return written(draft)
