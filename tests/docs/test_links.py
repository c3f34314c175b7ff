"""The pages at the top of the tree lead to files that exist; those in docs/ are checked by `make docs`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# the README is PyPI's page of the package as well, where nothing lies beside it
OWN = re.compile(r"https://(?:github\.com/([\w-]+)/\1/blob|raw\.githubusercontent\.com/([\w-]+)/\2)/main/")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", sorted(path.name for path in ROOT.glob("*.md")))
def test_links_within_the_tree_lead_somewhere(page: str) -> None:
    targets = [OWN.sub("", target) for target in LINK.findall((ROOT / page).read_text("utf-8"))]
    dead = [target for target in targets if "://" not in target and not (ROOT / target).exists()]
    assert not dead


def test_the_readmes_links_lead_somewhere_from_wherever_it_is_shown() -> None:
    targets = LINK.findall((ROOT / "README.md").read_text("utf-8"))
    assert [target for target in targets if "://" not in target] == []
    assert len([target for target in targets if OWN.match(target)]) > 10


def test_every_page_of_the_documentation_is_in_the_site() -> None:
    docs = ROOT / "docs"
    contents = re.findall(r"```\{toctree\}.*?\n\n(.*?)```", "".join(map(_text, docs.glob("*.md"))), re.DOTALL)
    listed = {line.split("<")[-1].rstrip(">") for block in contents for line in block.split("\n") if line}
    assert listed == {path.stem for path in docs.glob("*.md")} - {"index"}


def _text(path: Path) -> str:
    return path.read_text("utf-8")
