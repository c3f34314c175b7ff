"""conda-lock.yml, version 1, which conda-store builds as it is."""

from __future__ import annotations

from ...errors import InvalidRequest
from ...models import Conversion
from ..buildable import require_shareable_lockfile
from ..notes import Kind, Note
from ..source import Source
from ..text import parse_yaml


def read(source: Source) -> Conversion | None:
    """Carry a conda-lock file over as it is."""
    if "metadata" not in source.text or "package" not in source.text or source.suffix in (".toml", ".in"):
        return None
    try:
        lockfile = parse_yaml(source.text, "file")
    except InvalidRequest:
        return None
    if not isinstance(lockfile.get("package"), list) or not isinstance(lockfile.get("metadata"), dict):
        return None
    if lockfile.get("version", 1) != 1:
        raise InvalidRequest(
            "This lockfile is of another version, and conda-store knows version 1; "
            "lock again with a conda-lock that writes it."
        )
    require_shareable_lockfile(source.text)
    platforms = lockfile["metadata"].get("platforms")
    listed = [str(platform) for platform in platforms] if isinstance(platforms, list) else []
    kind = Kind("platforms", f"conda-store builds for {source.platform}, which it is not locked for")
    notes = (str(Note(*kind, tuple(listed))),) if listed and source.platform not in listed else ()
    return Conversion(source.name, source.text, True, notes)
