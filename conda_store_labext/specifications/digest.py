"""Digests of what specifications and lockfiles ask for: equal for equal needs, however they are written."""

from __future__ import annotations

import hashlib
import json
import re

from .text import parse_specification, parse_yaml, requirements_of


def digest(text: str, is_lockfile: bool) -> str:
    """Return the SHA-256 of what a specification or a lockfile asks for, however it is laid out and named.

    Raises InvalidRequest for what is neither.
    """
    if is_lockfile:
        return _hashed(parse_yaml(text, "lockfile").get("package"))
    parsed = parse_specification(text)
    conda, pip = requirements_of(parsed)
    asked = {
        "channels": parsed.get("channels") or [],  # whose order counts
        "conda": sorted({re.sub(r"\s+", " ", line).strip() for line in conda}),
        "pip": sorted({re.sub(r"\s+", " ", line).strip() for line in pip}),
        "variables": parsed.get("variables") or {},
    }
    return _hashed(asked)


def _hashed(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
