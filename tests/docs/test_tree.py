"""CONTRIBUTING.md's tree is the tree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def listed(folder: str) -> set[str]:
    """Return what the drawing has directly below a folder, "" for the top."""
    drawing = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("data flows\n\n```\n")[1].split("```")[0]
    if not folder:
        lines = [line for line in drawing.splitlines() if not line.startswith(" ")]
    else:
        lines = re.split(r"^(?=\S)", drawing.split(f"{folder}/\n")[1], flags=re.MULTILINE)[0].splitlines()
    return {name.rstrip("/") for line in lines for name in re.split(r"   +", line.strip())[0].split()}


@pytest.mark.parametrize("folder", ["conda_store_labext", "src"])
def test_every_room_is_in_the_drawing(folder: str) -> None:
    made = {"__init__.py", "__pycache__", "py.typed", "labextension", "__tests__", "index.ts"}
    assert listed(folder) == {path.name for path in (ROOT / folder).iterdir()} - made, "draw it"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a clone knows which files are its own")
def test_every_folder_at_the_top_is_in_the_drawing() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    folders = {path.split("/")[0] for path in tracked if "/" in path}
    assert {name for name in folders if not name.startswith(".")} == listed("")
