"""Every block of commands in the README and in the guide to using it says how it is run, or why it is not.

`tests/packaging/test_blocks.py` runs them.
"""

from __future__ import annotations

import pytest

from tests.docs.blocks import blocks

RUN = ("dry", "demo", "until JupyterLab answers", "while the demo runs")


@pytest.mark.parametrize("page", ["README.md", "docs/use.md"])
def test_a_block_says_how_it_is_run(page: str) -> None:
    printed = blocks(page)
    assert printed
    for block in printed:
        assert block.how.startswith(RUN) if block.runs else block.how, block.text
