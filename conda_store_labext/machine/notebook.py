"""Which of its folder's pixi environments a notebook asks for, as pixi-kernel's metadata says."""

from __future__ import annotations

import json
from pathlib import Path

from ..store.files import read_small

MAX_SIZE = 64 * 1024 * 1024  # bytes


def environment_named_in(notebook: Path) -> str:
    """Return the name in the notebook's `metadata["pixi-kernel"]`; empty where it says none."""
    try:
        content = json.loads(read_small(notebook, MAX_SIZE))
        name = content["metadata"]["pixi-kernel"]["environment"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""
