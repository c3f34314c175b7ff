"""The packages that a program or a notebook's cell says it needs, in a `# /// script` block (PEP 723)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import tomlkit
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ..errors import InvalidRequest
from .toml_text import parse_toml, texts

MARK = "# /// script"
# Source: PEP 723
_BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


def read_block(text: str) -> dict[str, Any] | None:
    """Return the tables of a text's block, None where it has none; InvalidRequest where it is not valid."""
    block = _block(text)
    return parse_toml(_toml(block), "The block") if block else None


def dependencies_of(text: str) -> tuple[str, ...]:
    """Return the requirements in a text's block; those that are none are left out."""
    return tuple(
        line for line in texts((read_block(text) or {}).get("dependencies")) if _name(line) is not None
    )


def with_dependencies(text: str, requirements: Sequence[str]) -> str:
    """Return a text whose block has these requirements, each in place of the one of its name.

    A text without a block gets one at its beginning. Raises InvalidRequest for what is no requirement.
    """
    for line in requirements:
        if _name(line) is None:
            raise InvalidRequest(f"{line!r} names no package; write for example seaborn>=0.13.")
    block = _block(text)
    content = tomlkit.parse(_toml(block)) if block else tomlkit.document()
    new = {_name(line): line for line in requirements}
    listed = [new.pop(_name(line), line) for line in texts(content.get("dependencies"))]
    array = tomlkit.array()
    array.extend([*listed, *new.values()])
    content["dependencies"] = array.multiline(True)
    lines = tomlkit.dumps(content).rstrip("\n").split("\n")
    written = "\n".join([MARK, *(f"# {line}".rstrip() for line in lines), "# ///"])
    if block:
        return text[: block.start()] + written + text[block.end() :]
    return f"{written}\n\n{text}" if text else written


def _block(text: str) -> re.Match[str] | None:
    blocks = [block for block in _BLOCK.finditer(text + "\n") if block["type"] == "script"]
    if len(blocks) > 1:
        raise InvalidRequest("There are two blocks `# /// script`; keep one of them.")
    return blocks[0] if blocks else None


def _toml(block: re.Match[str]) -> str:
    lines = block["content"].splitlines()
    return "\n".join(line[2:] if line.startswith("# ") else line[1:] for line in lines)


def _name(line: str) -> str | None:
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement:
        return None
