"""TOML as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ..errors import InvalidRequest


def parse_toml(text: str, what: str) -> dict[str, Any]:
    """Return a TOML text's tables; InvalidRequest, with the place, when it is none."""
    try:
        return tomlkit.parse(text).unwrap()
    except (TOMLKitError, RecursionError, ValueError) as error:
        raise InvalidRequest(f"{what} is not valid TOML ({error}); correct it.") from None


def table(content: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """Return the table below these keys, an empty one where there is none."""
    value: Any = content
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def tables(value: object) -> list[dict[str, Any]]:
    """Return the tables of an array of tables, nothing for everything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Return the texts of a list, nothing for everything else."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
