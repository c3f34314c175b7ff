"""Pages that are made from the code say what the code says."""

from __future__ import annotations

import re

import pytest

from tests.docs import options
from tests.docs.write import AGAIN, DOCS, PART, pages

MADE = pages()


@pytest.mark.parametrize("name", sorted(path.name for path in MADE))
def test_a_page_is_what_the_code_makes(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == MADE[DOCS / name], AGAIN


def test_the_pages_of_reference_are_made() -> None:
    names = {path.name for path in MADE}
    assert {"command-line.md", "http-api.md", "openapi.json", "configuration.md"} <= names


def test_every_option_of_the_server_is_listed_once() -> None:
    parts = [part[0] for part in PART.finditer(MADE[DOCS / "configuration.md"]) if part[2] == "options"]
    listed = re.findall(r"^\| `(\w+)` \|", "".join(parts), re.MULTILINE)
    assert sorted(listed) == sorted(options.traits())
