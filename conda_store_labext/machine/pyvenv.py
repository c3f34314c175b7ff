"""pyvenv.cfg, the file that makes a folder a virtual environment: lines of `key = value`.

Source: https://docs.python.org/3/library/venv.html; virtualenv and uv write keys of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..store.files import read_small

FILE = "pyvenv.cfg"
MAX_SIZE = 64 * 1024  # bytes
VERSION = re.compile(r"\d{1,3}(?:\.\d{1,4}){1,2}")


@dataclass(frozen=True)
class Pyvenv:
    """The contents of a pyvenv.cfg; `home` is the folder of the base interpreter, `tool` what made it."""

    home: str
    version: str
    tool: str
    system_packages: bool
    prompt: str


def read_pyvenv(prefix: Path) -> Pyvenv | None:
    """Read the file of an environment; None where there is none. Other tools' lines are passed over."""
    try:
        text = read_small(prefix / FILE, MAX_SIZE).decode("utf-8", "replace")
    except OSError:
        return None
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator:
            values[name.strip().lower()] = value.strip()
    version = VERSION.match(values.get("version", "")) or VERSION.match(values.get("version_info", ""))
    return Pyvenv(
        values.get("home", ""),
        version[0] if version else "",
        next((tool for tool in ("uv", "virtualenv") if tool in values), "venv"),
        values.get("include-system-site-packages", "").lower() == "true",
        values.get("prompt", "").strip("'\""),
    )
