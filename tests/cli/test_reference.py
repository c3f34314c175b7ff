"""docs/command-line.md tells of the commands that there are."""

from __future__ import annotations

from tests.cli.reference import FILE, rendered


def test_the_page_is_what_the_parser_says() -> None:
    assert FILE.read_text("utf-8") == rendered(), "run `python -m tests.cli.reference`"
