"""A manifest with other packages: the lines that change, change; comments, order and line ends stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import tomlkit
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Table
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import InvalidRequest
from ..specifications.matchspecs import package_name
from .managers import as_listed, pip_name

EDITABLE = ("environment.yml", "environment.yaml", "requirements.txt", "pyproject.toml")


def edited(path: str, text: str, conda: Sequence[str] = (), pip: Sequence[str] = ()) -> str:
    """Return a manifest's text with these packages, each in the place of its own line if there is one.

    Raises InvalidRequest for a file of another kind, for conda's packages in a file of pip's, and for what
    cannot be changed line by line.
    """
    name = PurePosixPath(path).name
    for line in pip:
        _requirement(line)
    if conda and not all(package_name(line) for line in conda):
        raise InvalidRequest(
            f"{', '.join(conda)} is not a package that conda can install; write it like numpy>=2."
        )
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    if name in ("environment.yml", "environment.yaml"):
        changed = _environment(plain, conda, pip)
    elif conda:
        raise InvalidRequest(f"{path} lists only packages of pip; add conda's to an environment.yml.")
    elif name == "requirements.txt":
        changed = _requirements(plain, pip)
    elif name == "pyproject.toml":
        changed = _pyproject(plain, pip)
    else:
        raise InvalidRequest(
            f"{path} is not changed here; add the packages by hand, or use {', '.join(EDITABLE)}."
        )
    return changed.replace("\n", newline)


def _environment(text: str, conda: Sequence[str], pip: Sequence[str]) -> str:
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        raise InvalidRequest("The environment.yml is not valid YAML; correct it first.") from None
    keys = {key.value: value for key, value in root.value} if isinstance(root, MappingNode) else {}
    listed = keys.get("dependencies")
    if not isinstance(listed, SequenceNode) or listed.flow_style or not listed.value:
        raise InvalidRequest(
            "The dependencies are not written one a line, after a dash; write them so first."
        )
    sections = [item for item in listed.value if isinstance(item, MappingNode)]
    if len(sections) > 1:
        raise InvalidRequest(
            f"There are several `pip:` sections, the second at line {sections[1].start_mark.line + 1}, and "
            "only one of them counts; join them first."
        )
    packages = [item for item in listed.value if isinstance(item, ScalarNode)]
    conda, pip = as_listed([item.value for item in packages], _listed_by_pip(sections), conda=conda, pip=pip)
    changes: list[tuple[int, int, str]] = []
    column = listed.value[0].start_mark.column - 2
    after = packages[-1] if packages else None
    added: list[str] = []
    for line in conda:
        same = next((item for item in packages if package_name(item.value) == package_name(line)), None)
        if same is not None:
            changes.append((same.start_mark.index, same.end_mark.index, _scalar(line)))
        else:
            added.append(f"{' ' * column}- {_scalar(line)}\n")
    place = _line_end(text, after) if after is not None else _line_start(text, listed.value[0])
    if added:
        changes.append((place, place, "".join(added)))
    if pip:
        changes += _pip_section(text, sections, pip, listed, column)
    return _changed(text, changes)


def _listed_by_pip(sections: list[MappingNode]) -> list[str]:
    """Return the lines of a `pip:` section."""
    inner = [value for section in sections for _, value in section.value if isinstance(value, SequenceNode)]
    return [item.value for listed in inner for item in listed.value if isinstance(item, ScalarNode)]


def _pip_section(
    text: str, sections: list[MappingNode], pip: Sequence[str], listed: SequenceNode, column: int
) -> list[tuple[int, int, str]]:
    if not sections:
        place = _line_end(text, listed.value[-1])
        lines = "".join(f"{' ' * (column + 4)}- {_scalar(line)}\n" for line in pip)
        has_pip = any(
            isinstance(item, ScalarNode) and package_name(item.value) == "pip" for item in listed.value
        )
        bring = "" if has_pip else f"{' ' * column}- pip\n"
        return [(place, place, f"{bring}{' ' * column}- pip:\n{lines}")]
    key, inner = sections[0].value[0]
    if key.value != "pip" or not isinstance(inner, SequenceNode) or inner.flow_style or not inner.value:
        raise InvalidRequest("The `pip:` section is not written one a line, after a dash; write it so first.")
    changes = []
    for line in pip:
        same = next((item for item in inner.value if pip_name(item.value) == pip_name(line)), None)
        if same is not None:
            changes.append((same.start_mark.index, same.end_mark.index, _scalar(line)))
        else:
            place = _line_end(text, inner.value[-1])
            indent = " " * (inner.value[0].start_mark.column - 2)
            changes.append((place, place, f"{indent}- {_scalar(line)}\n"))
    return changes


def _requirements(text: str, pip: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    for wanted in pip:
        place = next(
            (number for number, line in enumerate(lines) if pip_name(line) == pip_name(wanted)), None
        )
        if place is None:
            if lines and not lines[-1].endswith("\n"):
                lines[-1] += "\n"
            lines.append(f"{wanted}\n")
        elif lines[place].rstrip("\n").endswith("\\"):
            raise InvalidRequest(
                f"{wanted} is listed over several lines, with hashes perhaps; change it by hand."
            )
        else:
            comment = re.search(r"\s+#.*$", lines[place].rstrip("\n"))
            lines[place] = (
                wanted + (comment[0] if comment else "") + ("\n" if lines[place].endswith("\n") else "")
            )
    return "".join(lines)


def _pyproject(text: str, pip: Sequence[str]) -> str:
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        raise InvalidRequest("The pyproject.toml is not valid TOML; correct it first.") from None
    project = document.get("project")
    listed = project.get("dependencies") if isinstance(project, Table) else None
    if not isinstance(listed, Array):
        raise InvalidRequest(
            "The pyproject.toml has no list `dependencies` in [project]; add the packages by hand."
        )
    for wanted in pip:
        place = next(
            (number for number, line in enumerate(listed) if pip_name(str(line)) == pip_name(wanted)), None
        )
        if place is not None:
            listed[place] = wanted
        elif "\n" in listed.as_string():
            indent = re.search(r"\n([ \t]+)[\"']", listed.as_string())
            listed.add_line(wanted, indent=indent[1] if indent else "    ")
        else:
            listed.append(wanted)
    return tomlkit.dumps(document)


def _changed(text: str, changes: list[tuple[int, int, str]]) -> str:
    """Make the changes, from the end on; insertions at one place stay in their order."""
    if not text.endswith("\n"):
        # what is added behind the last line begins a line of its own
        changes = [
            (start, end, f"\n{new}"[:-1] if start == end == len(text) else new) for start, end, new in changes
        ]
    ordered = sorted(enumerate(changes), key=lambda change: (change[1][0], change[0]), reverse=True)
    for _, (start, end, new) in ordered:
        text = text[:start] + new + text[end:]
    return text


def _line_end(text: str, node: Node) -> int:
    """Return the place behind the line that a node ends in."""
    last = node
    while not isinstance(last, ScalarNode) and last.value:
        last = last.value[-1][1] if isinstance(last, MappingNode) else last.value[-1]
    place = text.find("\n", last.end_mark.index)
    return len(text) if place < 0 else place + 1


def _line_start(text: str, node: Node) -> int:
    return text.rfind("\n", 0, node.start_mark.index) + 1


def _scalar(text: str) -> str:
    """Return a text as YAML writes it on one line."""
    return yaml.safe_dump([text], default_flow_style=False, width=10_000, allow_unicode=True)[2:].rstrip("\n")


def _requirement(line: str) -> None:
    try:
        Requirement(line)
    except InvalidRequirement:
        raise InvalidRequest(
            f"{line} is not a package that pip can install; write it like numpy>=2."
        ) from None
