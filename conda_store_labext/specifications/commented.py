"""A specification with another name or other packages, the rest as it was written, comments included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import InvalidRequest
from .matchspecs import package_name
from .rewriting import CannotRewrite, Rewriting, scalar
from .text import parse_specification, specification_text


def with_name(text: str, name: str) -> str:
    """Return a specification of another name."""
    wanted = {**parse_specification(text), "name": name}
    node = _value(text, "name")
    if not isinstance(node, ScalarNode):
        return specification_text(wanted)
    rewriting = Rewriting(text)
    rewriting.replace(node.start_mark.index, node.end_mark.index, name)
    return _written(rewriting, wanted)


def with_packages(text: str, add: Sequence[str], remove: Sequence[str]) -> str:
    """Return a specification with other packages of conda's: each that is added in its own one's place."""
    specification = parse_specification(text)
    listed: list[Any] = list(specification.get("dependencies") or [])
    last = max((place for place, each in enumerate(listed) if isinstance(each, str)), default=-1)
    waiting, kept = list(add), []
    going = {package_name(each) for each in (*add, *remove)}
    for dependency in listed:
        name = package_name(dependency) if isinstance(dependency, str) else ""
        instead = [each for each in waiting if name and package_name(each) == name][:1]
        waiting = [each for each in waiting if each not in instead]
        kept.append(instead if name in going else [dependency])
    everything = [*kept[: last + 1], waiting, *kept[last + 1 :]]
    wanted = {**specification, "dependencies": [each for some in everything for each in some]}
    text = text if text.endswith("\n") else f"{text}\n"
    node = _value(text, "dependencies")
    if not isinstance(node, SequenceNode) or node.flow_style:
        return _with_section(text, node, wanted)
    rewriting = Rewriting(text)
    try:
        for item, some in zip(node.value, kept, strict=True):
            start, end = item.start_mark.index, item.end_mark.index
            if not some:
                rewriting.remove_item(start, end)
            elif isinstance(item, ScalarNode) and some[0] != item.value:
                rewriting.replace(start, end, some[0])
        dash = f"{' ' * node.start_mark.column}- "
        rewriting.insert(_behind(text, node, last), "".join(f"{dash}{scalar(each)}\n" for each in waiting))
    except CannotRewrite:
        return specification_text(wanted)
    return _written(rewriting, wanted)


def _behind(text: str, node: SequenceNode, last: int) -> int:
    """Return the place of a list's line behind that of an item, or of its first one where there is none."""
    if last < 0:
        return text.rfind("\n", 0, node.value[0].start_mark.index) + 1
    return text.find("\n", node.value[last].end_mark.index) + 1


def _with_section(text: str, node: Node | None, wanted: dict[str, Any]) -> str:
    """Return a specification in which a list in brackets is written one a line."""
    if node is None or not getattr(node, "flow_style", False):
        return specification_text(wanted)
    written = yaml.safe_dump(wanted["dependencies"], sort_keys=False, allow_unicode=True, width=10_000_000)
    lines = "".join(f"\n{line}" for line in written.splitlines())
    return _checked(text[: node.start_mark.index].rstrip(" ") + lines + text[node.end_mark.index :], wanted)


def _value(text: str, key: str) -> Node | None:
    """Return the node of a key's value, for a mapping that is written one key a line."""
    root = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(root, MappingNode) or root.flow_style:
        return None
    return next((value for name, value in root.value if name.value == key), None)


def _written(rewriting: Rewriting, wanted: dict[str, Any]) -> str:
    try:
        return _checked(rewriting.text(), wanted)
    except CannotRewrite:
        return specification_text(wanted)


def _checked(text: str, wanted: dict[str, Any]) -> str:
    """Return a changed text where it says what is wanted, which anchors may keep it from, else that anew."""
    try:
        if parse_specification(text) == wanted:
            return text
    except InvalidRequest:
        pass
    return specification_text(wanted)
