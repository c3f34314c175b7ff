"""The blocks of shell commands that a page prints, each with the comment above it that says how it is run.

`<!-- run: HOW -->` stands on the line before a block, `<!-- not run: WHY -->` before one that cannot be run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?:<!-- (?P<not>not )?run: (?P<how>.*?) -->\n)?```bash\n(?P<text>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block: `how` it is run as its page says, "" if the page does not; `runs` is false if it is not."""

    page: str
    how: str
    runs: bool
    text: str


def blocks(*pages: str) -> list[Block]:
    """Return the blocks of pages of the tree, in their order."""
    return [
        Block(page, " ".join((match["how"] or "").split()), not match["not"], match["text"])
        for page in pages
        for match in BLOCK.finditer((ROOT / page).read_text("utf-8"))
    ]
