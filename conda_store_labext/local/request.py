"""The request that a supervisor is started with, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .settings import LocalSettings

STARTED = "started"
BUSY = "busy"


@dataclass(frozen=True)
class Request:
    """The store to run, whether it outlives `parent` (a process id), and where packages come from."""

    root: str
    detach: bool
    parent: int
    settings: LocalSettings

    def to_json(self) -> dict[str, Any]:
        """Return the request as a JSON object."""
        settings = self.settings
        return {
            "root": self.root,
            "detach": self.detach,
            "parent": self.parent,
            "channel": settings.channel,
            "packages": list(settings.packages),
            "channels": str(settings.channels) if settings.channels else None,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Request:
        """Read what `to_json` made."""
        channels = content["channels"]
        settings = LocalSettings(
            channel=content["channel"],
            packages=tuple(content["packages"]),
            channels=Path(channels) if channels else None,
        )
        return cls(content["root"], content["detach"], content["parent"], settings)
