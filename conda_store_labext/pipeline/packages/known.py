"""What is known of a copy's packages: which are as they were packed, and what is not compiled yet."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...store.files import read_json, replace_text
from ...store.layout import known_of


@dataclass(frozen=True)
class Known:
    """Names of package files without their ending, each as it was packed when the copy was complete.

    `uncompiled` are the sources for every Python that had no byte code when this was written.
    """

    as_packed: frozenset[str] = frozenset()
    uncompiled: tuple[bytes, ...] = ()


def read_known(prefix: Path) -> Known | None:
    """Return what is known of the copy in `prefix`, None where nobody looked yet."""
    notes = read_json(known_of(prefix))
    try:
        return Known(frozenset(notes["as_packed"]), tuple(map(os.fsencode, notes["uncompiled"])))
    except (LookupError, TypeError):
        return None


def write_known(prefix: Path, as_packed: Iterable[str], uncompiled: Iterable[bytes] = ()) -> None:
    """Write down what is known of the copy in `prefix`, in one step; OSError."""
    notes = {"as_packed": sorted(as_packed), "uncompiled": [os.fsdecode(path) for path in uncompiled]}
    replace_text(known_of(prefix), json.dumps(notes))
