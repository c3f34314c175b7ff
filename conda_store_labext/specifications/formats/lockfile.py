"""conda-lock.yml, version 1, which conda-store builds as it is."""

from __future__ import annotations

from ...errors import InvalidRequest
from ...models import Conversion
from ..addresses import has_credentials
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
    if has_credentials(source.text):
        raise InvalidRequest(
            "The lockfile has a password in an address, which everybody who may see the environment could "
            "read; lock again with channels and indexes that need none."
        )
    platforms = lockfile["metadata"].get("platforms")
    listed = [str(platform) for platform in platforms] if isinstance(platforms, list) else []
    note = Note(
        *Kind("platforms", "conda-store's own platform has to be among those that it is locked for"),
        tuple(listed),
    )
    return Conversion(source.name, source.text, True, (str(note),) if listed else ())
