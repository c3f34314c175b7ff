"""The frontend's sheets: JupyterLab takes those of `style/index.js`, other bundlers of `style/index.css`."""

from __future__ import annotations

import re
from pathlib import Path

STYLE = Path(__file__).parents[1] / "style"


def test_both_indexes_name_all_sheets_in_the_same_order() -> None:
    script, sheet = (
        re.findall(r"'(?:\./)?(\w+\.css)'", (STYLE / name).read_text("utf-8"))
        for name in ("index.js", "index.css")
    )
    assert script == sheet
    assert set(script) == {path.name for path in STYLE.glob("*.css")} - {"index.css"}
