"""Files as bytes turned into text, by the mark at their beginning."""

from __future__ import annotations

import codecs
import re

from ..errors import InvalidRequest

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As pip reads it, in the first two lines: https://peps.python.org/pep-0263/
_CODING = re.compile(rb"\A(?:[^\n]*\n)?[^\n]*?#.*?coding[:=][ \t]*([-\w.]+)")


def decode(content: bytes, what: str) -> str:
    """Return a file's text: UTF-8 unless its mark, or a comment `coding:`, says otherwise.

    `what` names the file in the InvalidRequest that is raised when it is no text.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        pass
    coding = None if mark else _CODING.match(content)
    try:
        if coding:
            return content.decode(coding[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError):
        pass
    raise InvalidRequest(f"{what} is not text; save it as UTF-8.")


def as_text(content: str | bytes, what: str) -> str:
    """Return a file's text with plain line ends and without a mark, whichever way it was read."""
    text = decode(content, what) if isinstance(content, bytes) else content
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
