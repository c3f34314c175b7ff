"""Addresses in files: what in them is a password or a token, and which are of this machine alone."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

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


def is_loopback(url: str) -> bool:
    """Tell whether an address leads to this machine alone, as its host is written: no name is looked up."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    return host == "localhost" or host.endswith(".localhost") or _is_loopback_ip(host)


def ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host is, as IPv4 where IPv6 only wraps that; None for a name."""
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _is_loopback_ip(host: str) -> bool:
    ip = ip_address(host)
    return ip is not None and ip.is_loopback


def _is_ssh(text: str, match: re.Match[str]) -> bool:
    return bool(_SSH.fullmatch(text, match.start(), match.end()))
