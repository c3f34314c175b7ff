"""Amounts as people write them: `20GB`, `30d`."""

from __future__ import annotations

import re

from ..errors import InvalidRequest

_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhdw])", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Return bytes: `20GB` is 20,000,000,000, `20GiB` is 20 x 1024^3; InvalidRequest for no size."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise InvalidRequest(f"{text!r} is not a valid size; write it like 500MB, 20GB or 20GiB.")
    return int(float(match[1]) * (1024 if match[3] else 1000) ** _POWERS[match[2].lower()])


def parse_duration(text: str) -> float:
    """Return seconds, for s, m, h, d and w after a number; InvalidRequest for no duration."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise InvalidRequest(f"{text!r} is not a valid length of time; write it like 12h, 30d or 8w.")
    return float(match[1]) * _SECONDS[match[2].lower()]


def show_size(size: int) -> str:
    """Return a size in bytes with three or four digits and a unit of 1000s."""
    value, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
