"""Addresses in files: what in them is a password or a token."""

from __future__ import annotations

import re

HIDDEN = "***"
# `user:password@`, or over http a token alone; `git@` over ssh is no secret
_USER = re.compile(r"(?<![\w+.-])((?:[A-Za-z][\w+.-]*:)?[/\\]{2})[^/\\\s@]*@(?=[^/\\\s@])")
_SSH = re.compile(r"(?:[\w.-]+\+)?ssh://[\w.-]+@", re.IGNORECASE)
# conda's channels with a token: https://host/t/<token>/channel
_TOKEN = re.compile(r"(//[^/\s]+/t/)[^/\s]+", re.IGNORECASE)
_QUERY = re.compile(
    r"([?&;](?:[\w-]*(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key)[\w-]*|auth|sig|key)=)"
    r"[^&;#\s]+",
    re.IGNORECASE,
)


def without_credentials(text: str) -> str:
    """Return a text with the passwords and tokens of its addresses replaced by asterisks."""
    text = _USER.sub(lambda match: match[0] if _is_ssh(text, match) else f"{match[1]}{HIDDEN}@", text)
    return _QUERY.sub(rf"\1{HIDDEN}", _TOKEN.sub(rf"\1{HIDDEN}", text))


def has_credentials(text: str) -> bool:
    """Tell whether an address in the text has a password or a token."""
    return without_credentials(text) != text


def _is_ssh(text: str, match: re.Match[str]) -> bool:
    return bool(_SSH.fullmatch(text, match.start(), match.end()))
