"""The lines of a requirements file, joined and taken apart into words as pip documents it.

They stand here because pip-requirements-parser's last release is of 2022, and its reader of a text ends in a
NameError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_COMMENT_LINE = re.compile(r"\s*#")
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
# every option that a line may have, by its short form too; what takes no value is in _FLAGS
_SHORT = {
    "-i": "--index-url",
    "--pypi-url": "--index-url",
    "-f": "--find-links",
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
}
_FLAGS = frozenset(
    (
        "--no-index",
        "--pre",
        "--prefer-binary",
        "--require-hashes",
        "--process-dependency-links",
        "--always-unzip",
    )
)


class Option(NamedTuple):
    """An option by its long name, with its value, and as it is written."""

    name: str
    value: str
    written: str


def logical_lines(text: str) -> Iterator[str]:
    """Yield the lines of a requirements file as pip joins them: a comment is never continued."""
    pending: list[str] = []
    for line in [*text.splitlines(), ""]:
        comment = bool(_COMMENT_LINE.match(line))
        if line.endswith("\\") and not comment:
            pending.append(line.strip("\\"))
            continue
        # the space keeps a comment a comment behind what it is joined to
        joined = _COMMENT.sub("", "".join([*pending, " " + line if comment else line])).strip()
        pending = []
        if joined:
            yield " ".join(joined.split())


def options_of(words: list[str]) -> Iterator[Option]:
    """Yield the options among the words of a line."""
    words = list(words)
    while words:
        written = words.pop(0)
        name, equals, value = written.partition("=")
        if not name.startswith("--") and len(name) > 2 and name[:2] in _SHORT:
            name, equals, value = written[:2], "=", written[2:].removeprefix("=")
        name = _SHORT.get(name, name)
        if not equals and name not in _FLAGS and words and not words[0].startswith("-"):
            quote = words[0][:1] if words[0][:1] in ("'", '"') else ""
            while True:
                value = f"{value} {words.pop(0)}".strip()
                if not quote or not words or (len(value) > 1 and value.endswith(quote)):
                    break
            written = f"{written} {value}"
        yield Option(name, value.strip("'\""), written)
