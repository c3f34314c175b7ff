"""An environment.yml's text with as few changes as what has to be built allows, its comments kept."""

from __future__ import annotations

from typing import Any

import yaml
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .. import documents
from ..draft import Draft
from ..rewriting import CannotRewrite, Rewriting, comments_of, scalar
from ..text import LOADER, specification_text


class EnvironmentText:
    """Writes a settled draft into the text that it was read from."""

    def __init__(self, source: str, root: MappingNode, draft: Draft) -> None:
        self._source = source
        self._root = root
        self._keys = {name: (key, value) for name, key, value in documents.pairs(root)}
        self._draft = draft

    def text(self) -> str:
        """Return the file's text with what has to change, or a new one with the comments in front."""
        wanted = self._wanted()
        if _read_by_server(self._source) == wanted:
            return self._source
        try:
            text = self._rewritten(wanted)
            if _read_by_server(text) == wanted:
                return text
        except CannotRewrite:
            pass
        comments = comments_of(self._source)
        return "".join(f"{comment}\n" for comment in comments) + specification_text(wanted)

    def _wanted(self) -> dict[str, Any]:
        """Return what conda-store has to read, the keys in the order of the file."""
        draft = self._draft
        as_written = _read_by_server(self._source) or {}
        pip = [entry.text for entry in draft.pip]
        wanted: dict[str, Any] = {}
        for name in ["name", *self._keys]:
            if name == "name":
                wanted["name"] = draft.name
            elif name == "channels":
                wanted["channels"] = [entry.text for entry in draft.channels]
            elif name == "dependencies":
                conda: list[Any] = [entry.text for entry in draft.conda]
                wanted["dependencies"] = [*conda, {"pip": pip}] if pip else conda
            elif name == "variables" and draft.variables:
                read = as_written.get("variables")
                numbers = read if isinstance(read, dict) else {}
                wanted["variables"] = {
                    key: numbers[key] if _is_whole(numbers.get(key), value) else value
                    for key, value in draft.variables.items()
                }
            elif name not in ("prefix", "variables") and not self._is_dropped(name):
                value = as_written.get(name, self._keys[name][1].value)
                wanted[name] = value if isinstance(value, (str, int, list, dict)) else str(value)
        if "channels" not in wanted:
            wanted = {"name": draft.name, "channels": [entry.text for entry in draft.channels], **wanted}
        return wanted

    def _is_dropped(self, name: str) -> bool:
        """Tell whether a description is left out of what is built."""
        return name == "description" and not self._draft.description and bool(self._keys[name][1].value)

    def _rewritten(self, wanted: dict[str, Any]) -> str:
        """Return the file's text, changed where it has to be."""
        draft, text = self._draft, Rewriting(self._source)
        first = int(self._root.value[0][0].start_mark.index)
        for node in (key for key, _ in self._keys.values()):
            if str(node.tag).startswith("tag:yaml.org,2002:python/"):
                text.replace(node.start_mark.index, node.end_mark.index, node.value)
        if "name" not in self._keys:
            text.insert(first, f"name: {scalar(draft.name)}\n")
        elif self._keys["name"][1].value != draft.name or documents.is_nothing(self._keys["name"][1]):
            _raise_if_empty(self._keys["name"][1])
            text.replace(*_span(self._keys["name"][1]), draft.name)
        for name in ("prefix", "description"):
            if name in self._keys and name not in wanted:
                key, value = self._keys[name]
                text.remove_lines(key.start_mark.index, value.end_mark.index)
        if not documents.items(self._keys.get("channels", (None, None))[1]):  # type: ignore[arg-type]
            if "channels" in self._keys:
                key, value = self._keys["channels"]
                text.remove_lines(key.start_mark.index, value.end_mark.index)
            lines = "".join(f"  - {scalar(channel)}\n" for channel in wanted["channels"])
            text.insert(int(self._keys["dependencies"][0].start_mark.index), f"channels:\n{lines}")
        kept = {entry.origin: entry.text for entry in (*draft.channels, *draft.conda, *draft.pip)}
        for name in {"channels", "dependencies"} & set(self._keys):
            listed = self._keys[name][1]
            if isinstance(listed, SequenceNode) and str(listed.tag) != "tag:yaml.org,2002:seq":
                text.remove_tag(listed.start_mark.index)
            for item in documents.items(listed):
                self._item(text, item, kept)
        variables = self._keys.get("variables", (None, None))[1]
        for _, key, value in documents.pairs(variables) if isinstance(variables, MappingNode) else ():
            if key.value not in wanted.get("variables", {}):
                raise CannotRewrite
            if (
                wanted["variables"][key.value] == value.value
                and scalar(value.value) != self._source[slice(*_span(value))].strip()
            ):
                _raise_if_empty(value)
                text.replace(*_span(value), value.value)
        return text.text()

    def _item(self, text: Rewriting, item: Node, kept: dict[int, str]) -> None:
        """Change, remove or keep an item of a list, or those of the section for pip."""
        if isinstance(item, MappingNode):
            inner = item.value[0][1]
            listed = documents.items(inner)
            if not any(int(each.start_mark.index) in kept for each in listed):
                text.remove_item(item.start_mark.index, _end(item))
                return
            for each in listed:
                self._item(text, each, kept)
        elif int(item.start_mark.index) not in kept:
            text.remove_item(item.start_mark.index, _end(item))
        elif kept[int(item.start_mark.index)] != item.value or str(item.tag) != "tag:yaml.org,2002:str":
            text.replace(*_span(item), kept[int(item.start_mark.index)])


def _raise_if_empty(node: Node) -> None:
    """Raise CannotRewrite for a value that has no place in the text."""
    if node.start_mark.index == node.end_mark.index:
        raise CannotRewrite


def _span(node: Node) -> tuple[int, int]:
    return int(node.start_mark.index), int(node.end_mark.index)


def _end(node: Node) -> int:
    """Return the place behind the last scalar of a node."""
    last = node
    while not isinstance(last, ScalarNode) and last.value:
        last = last.value[-1][1] if isinstance(last, MappingNode) else last.value[-1]
    return int(last.end_mark.index)


def _is_whole(value: object, text: str) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and str(value) == text


def _read_by_server(text: str) -> dict[str, Any] | None:
    """Return what conda-store's own reader makes of a text; None where it refuses it."""
    try:
        content = yaml.load(text, LOADER)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return content if isinstance(content, dict) else None
