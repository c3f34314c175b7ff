"""environment.yml, kept as it is written where nothing has to be changed."""

from __future__ import annotations

import re

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ...errors import InvalidRequest
from ...models import Conversion
from .. import documents, notes
from ..documents import line_of
from ..draft import Draft
from ..selectors import condition_in, condition_of, selects
from ..source import Source, valid_name
from ..text import ORDER
from ..writing import said
from .environment_text import EnvironmentText

_YAML = (".yml", ".yaml", ".json")
_DEPENDENCIES = re.compile(r"^(?:\{\s*)?[\"']?dependencies[\"']?\s*:", re.MULTILINE)
_MAPPING = re.compile(r"\A(?:\s*(?:#.*)?\n|---\s*\n)*\s*(?:\{|[\"']?[a-z]+[\"']?\s*:(?:\s|$))")
MOST_LINES = 20_000


def read(source: Source) -> Conversion | None:
    """Turn an environment.yml into a specification."""
    by_content = source.suffix not in (".txt", ".in") and _MAPPING.match(source.text)
    if source.suffix not in _YAML and not by_content and not _DEPENDENCIES.search(source.text):
        return None
    return _Environment(source).conversion()


class _Environment:
    """Reads one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._root = documents.compose(source.text, "file")
        self._keys = {name: (key, value) for name, key, value in documents.pairs(self._root)}
        self._draft = Draft(source)
        self._nodes: dict[int, Node] = {}
        self._count = 0

    def conversion(self) -> Conversion:
        """Return the specification, in the file's own words as far as they can be kept."""
        draft = self._draft
        if "dependencies" not in self._keys:
            raise InvalidRequest(
                "The file lists no dependencies; "
                "choose an environment.yml, a conda-lock.yml or a requirements.txt."
            )
        for node in self._list("channels", "channel"):
            if not isinstance(node, ScalarNode) or not node.value:
                raise InvalidRequest(
                    f"Line {line_of(node)}: a channel is a name such as conda-forge, or an address."
                )
            draft.add_channel(node.value, self._place(node))
        for node in self._list("dependencies", "package"):
            self._dependency(node)
        self._variables()
        _, description = self._keys.get("description", (None, None))
        draft.description = description.value if isinstance(description, ScalarNode) else ""
        draft.settle()
        if not draft.conda and not draft.pip:
            raise InvalidRequest(
                "The file lists no package that conda-store can install; choose another file."
            )
        self._name()
        if "prefix" in self._keys:
            draft.notes.add(notes.PREFIX)
            self._foreign_builds(self._keys["prefix"][1])
        for name in sorted(set(self._keys) - set(ORDER) - {"prefix"}):
            draft.notes.add(notes.KEY, name)
        text = EnvironmentText(self._source.text, self._root, draft).text()
        return Conversion(draft.name, text, False, said(draft))

    def _list(self, key: str, what: str) -> list[Node]:
        """Return the items of a key's list."""
        _, node = self._keys.get(key, (None, None))
        if isinstance(node, SequenceNode) or (key == "channels" and documents.is_nothing(node)):
            return documents.items(node) if node is not None else []
        raise InvalidRequest(f'`{key}` must be a list: one {what} per line, each after "- ".')

    def _place(self, node: Node) -> int:
        """Remember a node by its place in the text."""
        self._count += 1
        if self._count > MOST_LINES:
            raise InvalidRequest(
                f"The file lists more than {MOST_LINES:,} lines; check that it is the right one."
            )
        place = int(node.start_mark.index)
        self._nodes[place] = node
        return place

    def _dependency(self, node: Node) -> None:
        """Read an item of `dependencies`: a package, or a section."""
        line = line_of(node)
        if documents.is_text(node):
            if self._is_selected(node, node.value):
                self._draft.add_conda(node.value, self._place(node))
            return
        if isinstance(node, MappingNode) and node.value:
            keys = {name: value for name, _, value in documents.pairs(node)}
            if set(keys) == {"pip"}:
                self._pip(keys["pip"])
                return
            if all(condition_in(name) for name in keys):
                for name, value in keys.items():
                    self._conditional(condition_in(name), value)
                return
            if "if" in keys and set(keys) <= {"if", "then", "else"}:
                condition = keys["if"].value if isinstance(keys["if"], ScalarNode) else ""
                self._conditional(condition, keys.get("then"))
                self._conditional(f"not ({condition})", keys.get("else"))
                return
            name = next(iter(keys))
            raise InvalidRequest(
                f"Line {line}: `{notes.printable(name)}:` is not a section that conda reads; "
                "a package is written like `numpy=2.1`, and the only section is `pip:`."
            )
        raise InvalidRequest(
            f"Line {line}: a package is text such as `numpy>=2`; write its name, in quotes if need be."
        )

    def _pip(self, node: Node) -> None:
        """Read the section for pip."""
        listed = (
            node.value if isinstance(node, SequenceNode) else [] if documents.is_nothing(node) else [node]
        )
        if not listed:
            self._draft.notes.add(notes.EMPTY_PIP)
        for item in listed:
            if isinstance(item, ScalarNode):
                if self._is_selected(item, item.value):
                    self._draft.add_pip(item.value, self._place(item))
            else:
                self._draft.notes.add(notes.UNREADABLE, self._raw(item))

    def _conditional(self, condition: str, node: Node | None) -> None:
        """Read what stands below a condition such as `sel(unix)`."""
        if node is None or documents.is_nothing(node):
            return
        chosen = selects(condition, self._source.platform)
        for item in node.value if isinstance(node, SequenceNode) else [node]:
            if chosen is False:
                self._draft.notes.add(notes.PLATFORM, self._raw(item))
            elif isinstance(item, ScalarNode):
                if chosen is None:
                    self._draft.notes.add(notes.SELECTOR, f"{item.value} ({condition})")
                self._draft.add_conda(item.value)
            else:
                self._dependency(item)

    def _is_selected(self, node: Node, text: str) -> bool:
        """Tell whether the condition in the comment behind an item lets it be."""
        line = self._source.text.split("\n", line_of(node))[line_of(node) - 1]
        condition = condition_of(line)
        chosen = selects(condition, self._source.platform) if condition else True
        if chosen is not True:
            kind = notes.PLATFORM if chosen is False else notes.SELECTOR
            self._draft.notes.add(kind, f"{text} [{condition}]")
        return chosen is not False

    def _variables(self) -> None:
        """Read the variables as text, which is what conda sets."""
        _, node = self._keys.get("variables", (None, None))
        if node is None or documents.is_nothing(node):
            return
        if not isinstance(node, MappingNode):
            raise InvalidRequest("`variables` must be a mapping: `NAME: value`, one per line.")
        for name, key, value in documents.pairs(node):
            if not isinstance(value, ScalarNode) or not isinstance(key, ScalarNode):
                raise InvalidRequest(
                    f"Line {line_of(key)}: a variable is written `NAME: value`; put the value in quotes."
                )
            self._draft.add_variable(name, "" if documents.is_nothing(value) else value.value)
            self._place(value)

    def _name(self) -> None:
        """Choose the name, which a note says where it is not the file's."""
        _, node = self._keys.get("name", (None, None))
        given = node.value if isinstance(node, ScalarNode) and not documents.is_nothing(node) else ""
        self._draft.name = valid_name(given) or self._draft.name
        if self._draft.name != given:
            self._draft.notes.add(notes.named(self._draft.name))

    def _foreign_builds(self, prefix: Node) -> None:
        """Say which builds were chosen on another platform than the environment's."""
        path = prefix.value if isinstance(prefix, ScalarNode) else ""
        system = "win" if re.match(r"[A-Za-z]:\\", path) else "osx" if path.startswith("/Users/") else ""
        if system and not self._source.platform.startswith(system):
            for entry in self._draft.conda:
                if re.fullmatch(r"[^=\s]+=[^=\s]+=[^=\s]+", entry.text):
                    self._draft.notes.add(notes.FOREIGN_BUILDS, entry.text)

    def _raw(self, node: Node) -> str:
        return self._source.text[node.start_mark.index : node.end_mark.index]
