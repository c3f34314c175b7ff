"""Names of images: a registry's as `REGISTRY/NAME[:TAG]`, a folder's as `oci:FOLDER[:TAG]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ...errors import InvalidRequest

_TAG = r"[\w][\w.-]{0,127}|sha256:[0-9a-f]{64}"
_NAME = re.compile(
    r"(?P<registry>[\w.-]+(?::\d+)?)/"
    r"(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    rf"(?:[:@](?P<tag>{_TAG}))?",
    re.ASCII,
)
_FOLDER = re.compile(rf"oci:(?P<folder>.+?)(?::(?P<tag>{_TAG}))?", re.ASCII)


@dataclass(frozen=True)
class ImageName:
    """An image in a registry; the tag may be a digest."""

    registry: str
    repository: str
    tag: str

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.registry}/{self.repository}{'@' if ':' in self.tag else ':'}{self.tag}"


@dataclass(frozen=True)
class LayoutName:
    """An image in a folder; an empty tag is the only one that is there."""

    folder: Path
    tag: str

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"oci:{self.folder}" + (f":{self.tag}" if self.tag else "")


def parse_name(text: str, tag: str) -> ImageName | LayoutName:
    """Read a name, with `tag` where it has none; InvalidRequest for what is none.

    The registry has to be named: there is no other one that would be meant.
    """
    layout = _FOLDER.fullmatch(text)
    if layout:
        return LayoutName(Path(layout["folder"]).absolute(), layout["tag"] or tag)
    match = _NAME.fullmatch(text)
    registry = match["registry"] if match else ""
    if not match or not (":" in registry or "." in registry or registry == "localhost"):
        raise InvalidRequest(
            f"{text!r} is no image's name; write REGISTRY/NAME:TAG, as registry.example.org/team/data:12, or "
            "oci:FOLDER."
        )
    return ImageName(registry, match["repository"], match["tag"] or tag)
