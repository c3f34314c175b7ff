"""Deactivating the conda environment that is active in a session, as `conda activate` of another one does.

Source: before it activates, conda sources `etc/conda/deactivate.d/*.sh` of the active environment in reverse
order. They put back what its activation had replaced.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .session import is_list


def deactivated(
    session: Mapping[str, str], prefix: Path, cache: Path | None
) -> tuple[Mapping[str, str], dict[str, str]]:
    """Return a session's variables as its environment's scripts leave them, and those that they put back.

    Nothing runs where none is active, it is the one at `prefix`, or it has no such scripts. What they did is
    kept beside the file `cache`, if one is named.
    """
    active = session.get("CONDA_PREFIX", "")
    if not active or os.path.realpath(active) == os.path.realpath(prefix):
        return session, {}
    scripts = sorted((Path(active) / "etc/conda/deactivate.d").glob("*.sh"), reverse=True)
    if not scripts:
        return session, {}
    from .scripts import sourced  # not for the many that have none

    beside = cache.with_suffix(".deactivated.json") if cache else None
    outcome = sourced(scripts, session, beside, None)
    left = {name: value for name, value in session.items() if name not in outcome.removed}
    put_back = {
        name: value
        for name, value in outcome.changed.items()
        if not is_list(name) and not value.startswith((active, os.path.realpath(active)))
    }
    return {**left, **outcome.changed}, put_back
