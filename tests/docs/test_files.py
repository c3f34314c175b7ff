"""The page "From your file to a build": every row of its tables is what the converter does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from conda_store_labext.specifications.convert import convert
from tests.docs.write import DOCS

CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """A row of the table: where the lines stand, the lines, what they become, and the note's sentence."""

    place: str
    lines: tuple[str, ...]
    becomes: tuple[str, ...]
    note: str


def rows() -> list[Row]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DOCS / "files.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == 5
    ]
    listed = []
    for place, lines, becomes, note in cells:
        if place not in ("in", "---"):
            written = tuple(CODE.findall(lines))
            same = {"the same": written, "nothing": ()}
            listed.append(Row(place, written, same.get(becomes, tuple(CODE.findall(becomes))), note))
    return listed


def file_with(place: str, lines: tuple[str, ...]) -> tuple[str, str]:
    """Return a file's name and text with the lines in their place, beside what every file has."""
    if place == "requirements":
        return "requirements.txt", "last\n" + "".join(f"{line}\n" for line in lines)
    if place == "conda list":
        return "list.txt", "# platform: linux-64\nlast=1=0\n" + "".join(f"{line}\n" for line in lines)
    below = "".join(f"- {line}\n" for line in lines) if place != "variables" else f"  {lines[0]}\n"
    parts = {"channels": "- last\n", "dependencies": "- last\n", "variables": ""}
    keys = f"{lines[0]}\n" if place == "key" else ""
    parts = {name: text + (below if name == place else "") for name, text in parts.items()}
    return "environment.yml", f"name: a\n{keys}" + "".join(f"{k}:\n{v}" for k, v in parts.items() if v)


def written_in(place: str, specification: dict[str, Any]) -> list[str]:
    """Return what a specification has in a place, without what every file has."""
    if place == "variables":
        return [f"{name}: {value}" for name, value in (specification.get("variables") or {}).items()]
    if place == "key":
        rest = set(specification) - {"name", "channels", "dependencies"}
        return [f"{name}: {json.dumps(specification[name]).replace(chr(34), '')}" for name in rest]
    dependencies = specification["dependencies"]
    pip = [line for part in dependencies if isinstance(part, dict) for line in part["pip"]]
    conda = [part for part in dependencies if isinstance(part, str)]
    listed = {"channels": specification["channels"], "dependencies": conda, "conda list": [*conda, *pip]}
    return [line for line in listed.get(place, pip) if line not in ("last", "last=1=0")]


def test_the_tables_have_every_place() -> None:
    places = {row.place for row in rows()}
    assert places == {"dependencies", "channels", "variables", "key", "requirements", "conda list"}
    assert len(rows()) > 40


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.place}: {', '.join(row.lines)}")
def test_a_row_is_what_the_converter_does(row: Row) -> None:
    conversion = convert(*file_with(row.place, row.lines))
    specification = yaml.safe_load(conversion.specification)
    becomes = [line.replace('"', "") if row.place == "variables" else line for line in row.becomes]
    assert written_in(row.place, specification) == becomes
    always = ("The packages are installed by pip", "No channel was listed")
    notes = [note for note in conversion.notes if not note.startswith(always)]
    assert bool(row.note) == bool(notes)
    assert any(note.startswith(row.note) for note in notes) or not notes
    # a line may have a second one, which has a row of its own
    assert all(note.startswith(tuple(each.note for each in rows() if each.note)) for note in notes)
