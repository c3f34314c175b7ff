"""YAML as conda reads it: version 1.2, each key once, with the place of everything in the text.

ruamel.yaml is what conda itself reads with. What is built is read by conda-store with PyYAML, in YAML 1.1, so
`text.py` writes and reads that; a specification has to mean the same to both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import InvalidRequest

MAX_LENGTH = 1_000_000  # characters; ruamel.yaml reads about 150,000 in a second
MAX_DEPTH = 100
MAPPING = "The {what} must be a YAML mapping (`key: value`)."


def compose(text: str, what: str) -> MappingNode:
    """Return a text's mapping with the places of its parts; InvalidRequest with the line for what is none."""
    if len(text) > MAX_LENGTH:
        raise InvalidRequest(
            f"The {what} is longer than a million characters; check that it is the right one."
        )
    if _nested_deeply(text):
        raise InvalidRequest(f"The {what} is nested too deeply; check that it is the right one.")
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}" if mark else ""
        raise InvalidRequest(
            f"The {what} is not valid YAML{where}: {error.problem or error.context}."
        ) from None
    except (YAMLError, RecursionError, ValueError, AttributeError, AssertionError, IndexError):
        raise InvalidRequest(f"The {what} is not valid YAML; correct it.") from None
    if not isinstance(root, MappingNode):
        raise InvalidRequest(MAPPING.format(what=what))
    _refuse_repeated_keys(root, what)
    return root


def _nested_deeply(text: str) -> bool:
    """Tell whether brackets or dashes are nested more deeply than anybody writes: that takes long to read."""
    depth = 0
    for match in re.finditer(r"[\[\]{}]|(?:-[ \t]+){100}", text):
        bracket = match[0]
        depth += 1 if bracket in "[{" else -1 if bracket in "]}" else MAX_DEPTH
        if depth >= MAX_DEPTH:
            return True
    return False


def pairs(node: MappingNode) -> Iterator[tuple[str, Node, Node]]:
    """Yield the keys of a mapping as they are written, with the nodes of key and value."""
    for key, value in node.value:
        yield key.value if isinstance(key, ScalarNode) else "", key, value


def line_of(node: Node) -> int:
    """Return the line, from 1, that a node begins on."""
    return int(node.start_mark.line) + 1


def is_nothing(node: Node | None) -> bool:
    """Tell whether a key has no value."""
    return node is None or (isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null")


def is_text(node: Node) -> bool:
    """Tell whether a value is text, Python 2's kind included."""
    return isinstance(node, ScalarNode) and (
        node.tag == "tag:yaml.org,2002:str" or str(node.tag).startswith("tag:yaml.org,2002:python/")
    )


def items(node: Node) -> list[Node]:
    """Return the items of a list, none for a key without a value."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def _refuse_repeated_keys(node: Node, what: str) -> None:
    """Raise InvalidRequest for a key that one mapping has twice."""
    waiting, visited = [node], set()
    while waiting:
        current = waiting.pop()
        if id(current) in visited:
            continue
        visited.add(id(current))
        if isinstance(current, SequenceNode):
            waiting += current.value
        elif isinstance(current, MappingNode):
            lines: dict[str, int] = {}
            for name, key, value in pairs(current):
                if isinstance(key, ScalarNode) and name in lines and name != "<<":
                    raise InvalidRequest(
                        f"The {what} has the key `{name}` twice, on lines {lines[name]} and {line_of(key)}; "
                        "conda refuses that: join the two."
                    )
                lines[name] = line_of(key)
                waiting += [key, value]
