"""Kernel names of the form `conda-store://<namespace>/<environment>:<build-id>`, as found in notebooks.

Source: nb_conda_store_kernels 0.1.5 wrote them. They name no server; the one in use is meant.
"""

from __future__ import annotations

from .errors import InvalidRequest
from .reference import Reference

SCHEME = "conda-store://"


def parse_uri(name: str) -> Reference | None:
    """Return the build that such a name stands for; None for every other name."""
    if not name.lower().startswith(SCHEME):
        return None
    try:
        found = Reference.parse(name[len(SCHEME) :])
    except InvalidRequest:
        return None
    return found if found.build_id else None
