"""The server's row of a build tells whether its files were deleted and whether its archive may come."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from conda_store_labext.client.buildfiles import is_deleted, is_packing
from conda_store_labext.models.limits import PACKING_SECONDS


def row(status: str, ago: float | None, *artifacts: str) -> dict[str, Any]:
    """Return the row of a build that ended so many seconds ago."""
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    ended = None if ago is None else (now - timedelta(seconds=ago)).isoformat()
    return {
        "status": status,
        "ended_on": ended,
        "build_artifacts": [{"artifact_type": artifact} for artifact in artifacts],
    }


@pytest.mark.parametrize(
    ("of", "deleted", "packing"),
    [
        (("QUEUED", None), False, False),
        (("BUILDING", None), False, False),
        (("FAILED", 1, "LOGS"), False, False),
        (("COMPLETED", 1, "DIRECTORY", "LOCKFILE"), False, True),
        (("COMPLETED", PACKING_SECONDS + 1, "DIRECTORY"), False, False),
        (("COMPLETED", None, "DIRECTORY"), False, False),
        (("COMPLETED", 1, "DIRECTORY", "CONDA_PACK"), False, False),
        (("COMPLETED", 1, "CONDA_PACK"), False, False),
        (("COMPLETED", 1, "LOGS", "LOCKFILE"), True, False),
    ],
)
def test_what_is_left_of_a_build_tells_its_state(of: tuple[Any, ...], deleted: bool, packing: bool) -> None:
    built = row(*of)
    assert (is_deleted(built), is_packing(built)) == (deleted, packing)
