"""TOML files, which are named as what they are."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ...errors import InvalidRequest
from ...models import Conversion
from ..source import Source

_NAMES = ("Pipfile", "pixi.lock", "uv.lock", "poetry.lock")
_TABLE = re.compile(r"^\s*\[{1,2}[A-Za-z_][\w.\s\"'-]*\]{1,2}\s*(?:#.*)?$", re.MULTILINE)
_KEY = re.compile(r"^[\w.-]+\s*=\s*[\"'\[{\dtf]", re.MULTILINE)


def read(source: Source) -> Conversion | None:
    """Refuse a TOML file with the way out."""
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    by_content = not source.suffix and _TABLE.search(source.text) and _KEY.search(source.text)
    if source.suffix != ".toml" and name not in _NAMES and not by_content:
        return None
    raise InvalidRequest(
        f"{name or 'This'} is a file of another tool, which conda-store does not build; "
        "use an environment.yml, a conda-lock.yml or a requirements.txt."
    )
