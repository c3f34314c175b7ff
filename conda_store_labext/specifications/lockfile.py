"""Lockfiles as conda-store writes them: conda-lock's, as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..errors import NotFound


def parse_lockfile(text: bytes, where: str) -> dict[str, Any]:
    """Return the lockfile in a text; NotFound, naming `where` it came from, when it is not one."""
    try:
        lockfile = json.loads(text)
    except (ValueError, RecursionError):
        lockfile = None
    if not isinstance(lockfile, dict) or "package" not in lockfile:
        raise NotFound(
            f"What conda-store has as the lockfile of {where} is not a lockfile; "
            "try again, or choose another build."
        )
    return lockfile


def digest(lockfile: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a lockfile, the same however its JSON was laid out."""
    text = json.dumps(lockfile, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
