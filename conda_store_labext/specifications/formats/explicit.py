"""Lists of package files (`@EXPLICIT`), as `conda list --explicit` and `conda-lock render` write them."""

from __future__ import annotations

from ...errors import InvalidRequest
from ...models import Conversion
from ..source import Source


def read(source: Source) -> Conversion | None:
    """Refuse a list of package files with the way out."""
    if not any(line.strip() == "@EXPLICIT" for line in source.lines):
        return None
    raise InvalidRequest(
        "This is a list of package files (@EXPLICIT), which conda-store does not build; "
        "use an environment.yml or a conda-lock.yml."
    )
