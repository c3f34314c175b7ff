"""Requirements in a program or in a notebook's cell: a `# /// script` block (PEP 723)."""

from __future__ import annotations

import re

from ...errors import InvalidRequest
from ...models import Conversion
from ..draft import Draft
from ..source import Source
from ..toml_text import parse_toml, table, texts
from ..uv_sources import add_requirements
from ..writing import written
from .project import add_python

# Source: PEP 723
_BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


def read(source: Source) -> Conversion | None:
    """Read the block's dependencies, from where uv has them; its other tables count for nothing."""
    if source.suffix not in (".py", ".ipynb"):
        return None
    blocks = [block for block in _BLOCK.finditer(source.text + "\n") if block["type"] == "script"]
    if not blocks:
        return None
    if len(blocks) > 1:
        raise InvalidRequest("There are two blocks `# /// script`; keep one of them.")
    lines = blocks[0]["content"].splitlines()
    content = parse_toml(
        "\n".join(line[2:] if line.startswith("# ") else line[1:] for line in lines), "The block"
    )
    draft = Draft(source)
    add_python(draft, content.get("requires-python"))
    add_requirements(draft, texts(content.get("dependencies")), table(content, "tool", "uv"))
    if not draft.pip:
        raise InvalidRequest("The block `# /// script` lists no dependencies.")
    draft.settle_with_python()
    return written(draft)
