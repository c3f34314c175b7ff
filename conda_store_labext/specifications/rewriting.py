"""Changes to a YAML text that keep the rest of it as it was written, comments included."""

from __future__ import annotations

import re

import yaml

_DASH = re.compile(r"[ \t]*-[ \t]+(?:![^\s]*[ \t]+)?(?=\S)")


class CannotRewrite(Exception):
    """The text is written in a way in which this place cannot be changed alone."""


class Rewriting:
    """Collects changes by their places in the text, and makes them all at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._changes: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, value: str) -> None:
        """Put a text, written as YAML needs it, in the place of a scalar."""
        while end > start and self._text[end - 1] in " \t\n":
            end -= 1
        self._changes.append((start, end, scalar(value)))

    def insert(self, at: int, lines: str) -> None:
        """Put whole lines in front of a place that a line begins at."""
        if at and self._text[at - 1] != "\n":
            raise CannotRewrite
        self._changes.append((at, at, lines))

    def remove_item(self, start: int, end: int) -> None:
        """Remove an item of a list, from its dash to the end of its last line."""
        begin = self._text.rfind("\n", 0, start) + 1
        dash = _DASH.match(self._text, begin)
        if not dash or not begin < start <= dash.end():
            raise CannotRewrite
        self.remove_lines(begin, end)

    def remove_lines(self, start: int, end: int) -> None:
        """Remove the lines from a place that a line begins at, to the one that another place is on."""
        if start and self._text[start - 1] != "\n":
            raise CannotRewrite
        while end > start and self._text[end - 1] in " \t\n":
            end -= 1
        stop = self._text.find("\n", end)
        self._changes.append((start, len(self._text) if stop < 0 else stop + 1, ""))

    def remove_tag(self, start: int) -> None:
        """Remove the tag, such as `!!python/tuple`, that a value begins with."""
        tag = re.compile(r"![^\s]*[ \t]*").match(self._text, start)
        if tag:
            self._changes.append((start, tag.end(), ""))

    def text(self) -> str:
        """Return the text with all the changes; CannotRewrite where two of them overlap."""
        result, place = [], 0
        for start, end, new in sorted(self._changes):
            if start < place:
                raise CannotRewrite
            result += [self._text[place:start], new]
            place = end
        return "".join([*result, self._text[place:]])


def scalar(value: str) -> str:
    """Return a text as YAML, in quotes where any reader would take it for something else."""
    written = yaml.safe_dump(value, allow_unicode=True, width=10_000_000).removesuffix("\n...\n").rstrip("\n")
    if "\n" in written or (
        written == value and re.fullmatch(r"[-+]?0[ox]?[0-9a-fA-F]+|[-+.\d]+e[-+]?\d+", value)
    ):
        return yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10_000_000).rstrip("\n")
    return written


def comments_of(text: str) -> list[str]:
    """Return the comments of a YAML text, each from its `#`."""
    matches = (re.search(r"(?:^|\s)(#.*)$", line) for line in text.splitlines())
    return [match[1] for match in matches if match]
