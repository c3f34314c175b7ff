"""How people name a build: `namespace/environment`, or `namespace/environment:build`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InvalidRequest

_REFERENCE = re.compile(r"(?P<namespace>[^/:\s]+)/(?P<environment>[^/:\s]+)(?::(?P<build>\d{1,18}))?")


@dataclass(frozen=True)
class Reference:
    """An environment, and one of its builds unless the active one is meant (`build_id` None)."""

    namespace: str
    environment: str
    build_id: int | None = None

    def __str__(self) -> str:
        """Return it as it is written."""
        build = "" if self.build_id is None else f":{self.build_id}"
        return f"{self.namespace}/{self.environment}{build}"

    def covers(self, namespace: str, environment: str, build_id: int) -> bool:
        """Whether this names that build, or its environment without a build."""
        named = (self.namespace, self.environment) == (namespace, environment)
        return named and self.build_id in (None, build_id)

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read one; InvalidRequest when the text is none."""
        found = _REFERENCE.fullmatch(text)
        if not found:
            raise InvalidRequest(
                f"{text!r} names no environment; write NAMESPACE/ENVIRONMENT or NAMESPACE/ENVIRONMENT:BUILD."
            )
        build = found["build"]
        return cls(found["namespace"], found["environment"], int(build) if build else None)
