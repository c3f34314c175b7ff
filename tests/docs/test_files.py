"""The page "From your file to a build": every row of its tables is what the converter does."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from conda_store_labext import specifications
from conda_store_labext.specifications.convert import convert
from conda_store_labext.specifications.notes import Kind, default_channel, named
from tests.docs.write import DOCS

CODE = re.compile(r"`([^`]+)`")
COLUMN = re.compile(r"(?<!\\)\|")
# what is installed whatever a file of another tool has, and said of it whatever its lines are
ALWAYS = ("python", "pip", "last", "last==0", "r-last", "r-base", "r-irkernel", "julia")
ALWAYS_SAID = {
    "uv.lock, pylock.toml": ("Every version is the lock's",),
    "renv.lock": ("The lock's versions",),
    "Project.toml": ("Its kernel comes by",),
}


@dataclass(frozen=True)
class Row:
    """A row of the table: where the lines stand, the lines, what they become, and the note's sentence."""

    place: str
    lines: tuple[str, ...]
    becomes: tuple[str, ...]
    note: str


def rows() -> list[Row]:
    cells = [
        [cell.strip().replace("\\|", "|") for cell in COLUMN.split(line)[1:-1]]
        for line in (DOCS / "files.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and len(COLUMN.split(line)) == 6
    ]
    listed = []
    for place, lines, becomes, note in cells:
        if place not in ("in", "---"):
            written = tuple(CODE.findall(lines))
            same = {"the same": written, "nothing": ()}
            listed.append(Row(place, written, same.get(becomes, tuple(CODE.findall(becomes))), note))
    return listed


# what is in every file of another tool, before the lines of a row
BEGUN = {
    "pyproject.toml": '[project]\nname = "a"\ndependencies = ["last"]\n',
    "pylock.toml": '[[packages]]\nname = "last"\nversion = "0"\n',
    "Pipfile": '[packages]\nlast = "*"\n',
    "pixi.toml": '[workspace]\nname = "a"\nchannels = ["c"]\n[dependencies]\nlast = "*"\n',
    "DESCRIPTION": "Package: a\nDepends: last\n",
    "renv.lock": '{"Packages": {"last": {"Source": "CRAN"}',
    "runtime.txt": "",
    "Project.toml": "",
}


def of_another_tool(place: str, lines: tuple[str, ...]) -> tuple[str, str]:
    """Return the name and the text of another tool's file with the lines in it."""
    name = place.rpartition(", ")[2]
    if name == "renv.lock":
        return name, BEGUN[name] + "".join(f", {line}" for line in lines) + "}}"
    return name, BEGUN[name] + "".join(f"{line}\n" for line in lines)


def file_with(place: str, lines: tuple[str, ...]) -> tuple[str, str]:
    """Return a file's name and text with the lines in their place, beside what every file has."""
    if place.rpartition(", ")[2] in BEGUN:
        return of_another_tool(place, lines)
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
    if place.rpartition(", ")[2] in BEGUN:
        return [line for line in [*conda, *pip] if line not in ALWAYS]
    return [line for line in listed.get(place, pip) if line not in ("last", "last=1=0")]


def test_the_tables_have_every_place() -> None:
    places = {row.place for row in rows()}
    of_tools = {place for place in places if place.rpartition(", ")[2] in BEGUN}
    assert {place.rpartition(", ")[2] for place in of_tools} == set(BEGUN)
    assert places - of_tools == {
        *("dependencies", "channels", "variables", "key", "requirements", "conda list")
    }
    assert len(rows()) > 60


def test_every_kind_of_note_is_on_the_page() -> None:
    page = (DOCS / "files.md").read_text("utf-8")
    kinds: dict[Kind, str] = {}
    for module in pkgutil.walk_packages(specifications.__path__, f"{specifications.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Kind):
                kinds[value] = module.name
    assert len(kinds) > 40
    made = [
        named("..."),
        default_channel("conda-forge"),
        Kind("platforms", "conda-store builds for ..., which"),
    ]
    assert not [kind for kind in (*kinds, *made) if kind.text not in page]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.place}: {', '.join(row.lines)}")
def test_a_row_is_what_the_converter_does(row: Row) -> None:
    conversion = convert(*file_with(row.place, row.lines))
    specification = yaml.safe_load(conversion.specification)
    becomes = [line.replace('"', "") if row.place == "variables" else line for line in row.becomes]
    assert written_in(row.place, specification) == becomes
    always = ("The packages are installed by pip", "No channel was listed", *ALWAYS_SAID.get(row.place, ()))
    notes = [note for note in conversion.notes if not note.startswith(always)]
    assert any(note.startswith(row.note) for note in notes) == bool(row.note)
    # a line may have a second one, which has a row of its own
    assert all(note.startswith(tuple(each.note for each in rows() if each.note)) for note in notes)
