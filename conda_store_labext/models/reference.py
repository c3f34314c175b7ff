"""Names of builds as people write them: `namespace/environment`, or `namespace/environment:build`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InvalidRequest
from .build_ref import BuildRef, EnvironmentRef

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

    def at(self, server: str, build_id: int) -> BuildRef:
        """Return what this names on a server, where the build is the active one if none is named."""
        return BuildRef(server, self.namespace, self.environment, self.build_id or build_id)

    def names(self, other: EnvironmentRef) -> bool:
        """Tell whether this is that environment's name, on whatever server."""
        return (self.namespace, self.environment) == (other.namespace, other.environment)

    def covers(self, build: BuildRef) -> bool:
        """Tell whether this names that build, or its environment without a build."""
        return self.names(build) and self.build_id in (None, build.build_id)

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read one; InvalidRequest when the text is none."""
        match = _REFERENCE.fullmatch(text)
        if not match:
            raise InvalidRequest(
                f"{text!r} is not the name of an environment; "
                "write NAMESPACE/ENVIRONMENT or NAMESPACE/ENVIRONMENT:BUILD."
            )
        build = match["build"]
        return cls(match["namespace"], match["environment"], int(build) if build else None)
