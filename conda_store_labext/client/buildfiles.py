"""Files of a build besides its environment: log, specification, lockfile, and the artifacts to save."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import requests
import yaml

from ..errors import NotFound, NotLaunchable, ServerError
from ..models import BuildLog, BuildStatus, Specification
from ..models.limits import PACKING_SECONDS
from ..models.quantities import show_size
from ..specifications.lockfile import parse_lockfile
from ..specifications.text import specification_text
from .api import PREFIX, Api
from .archive_response import ArchiveResponse, range_headers
from .buildlog import first_error, stage

MAX_LOG = 4 * 1024 * 1024  # bytes; the end of a longer log is what tells
SHOWN_LOG = 1024 * 1024  # bytes; what a page shows of it
MAX_EXPORT = 4 * 1024 * 1024  # bytes
MAX_LOCKFILE = 64 * 1024 * 1024  # bytes
ENDED = (BuildStatus.COMPLETED, BuildStatus.FAILED, BuildStatus.CANCELED)
READS = 3  # of a log, before what came of it has to do

PATHS = {"archive": "archive/", "lockfile": "lockfile/", "yaml": "yaml/", "log": "logs/"}


class BuildFiles:
    """Asks for what builds leave."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def log(self, build_id: int) -> str:
        """Return what a build has logged so far: the last 4 MiB, nothing while it is queued."""
        return self._tail(build_id, MAX_LOG)[0].decode("utf-8", "replace")

    def shown_log(self, build_id: int, row: dict[str, Any]) -> BuildLog:
        """Return the log of a build with what it is doing; `row` is what the server says of the build."""
        status = BuildStatus(row["status"])
        tail, truncated = self._tail(build_id, SHOWN_LOG)
        if truncated:
            tail = tail[tail.find(b"\n") + 1 :]
        text = tail.decode("utf-8", "replace")
        complete = status in ENDED and not is_packing(row)
        return BuildLog(
            build_id=build_id,
            text=text,
            truncated=truncated,
            complete=complete,
            stage=None if complete or status is BuildStatus.QUEUED else stage(text),
            first_error=first_error(text) if status is BuildStatus.FAILED else None,
        )

    def specification(self, build_id: int, row: dict[str, Any]) -> Specification:
        """Return what a build was made from; `row` is what the server says of the build."""
        spec = (row.get("specification") or {}).get("spec") or {}
        if "lockfile" in spec:
            return Specification(build_id, json.dumps(spec["lockfile"], indent=2) + "\n", True)
        return Specification(build_id, specification_text(spec), False)

    def lockfile(self, build_id: int) -> dict[str, Any]:
        """Return a build's lockfile; NotFound when it has none."""
        return parse_lockfile(self._whole(build_id, "lockfile", MAX_LOCKFILE), f"build {build_id}")

    def export(self, build_id: int, name: str) -> bytes:
        """Return a build's exact packages as an environment.yml named after its environment.

        conda-store's own names it after a folder of the server's, and says that folder.
        """
        raw = self._whole(build_id, "yaml", MAX_EXPORT)
        try:
            exported = yaml.safe_load(raw)
        except yaml.YAMLError:
            return raw
        if not isinstance(exported, dict):
            return raw
        exported.pop("prefix", None)
        return specification_text({**exported, "name": name}).encode()

    def _whole(self, build_id: int, kind: str, limit: int) -> bytes:
        """Return an artifact's bytes; ServerError for more than `limit` of them."""
        chunks, size = [], 0
        with self.open(build_id, kind) as response:
            while chunk := response.read(1 << 18):
                size += len(chunk)
                if size > limit:
                    raise ServerError(
                        f"The {kind} of build {build_id} is larger than {show_size(limit)}; "
                        "ask the administrator of conda-store what went wrong."
                    )
                chunks.append(chunk)
        return b"".join(chunks)

    def open(
        self, build_id: int, kind: str, offset: int = 0, validator: str | None = None
    ) -> ArchiveResponse:
        """Open the download of an artifact, from byte `offset` on if `validator` still holds.

        `kind` is a key of PATHS. Raises NotLaunchable for an archive that is not there, else NotFound.
        """
        headers = range_headers(offset, validator)
        path = f"{PREFIX}/build/{build_id}/{PATHS[kind]}"
        try:
            return ArchiveResponse(self._api.transport.send("GET", path, headers=headers, stream=True))
        except NotFound:
            if kind == "archive":
                raise NotLaunchable(
                    f"Build {build_id} has no archive (it is still being packed, or was deleted); "
                    "try again in a minute or choose another build."
                ) from None
            raise NotFound(
                f"Build {build_id} has no {kind} (it has not got that far, or was deleted); "
                "look at the build's log."
            ) from None

    def _tail(self, build_id: int, most: int) -> tuple[bytes, bool]:
        """Return the end of a build's log, and whether there is more before it.

        conda-store rewrites the file as it grows, which breaks off who reads it: then it is read again.
        """
        longest, truncated = b"", False
        for _ in range(READS):
            tail = b""
            path = f"{PREFIX}/build/{build_id}/logs/"
            try:
                with self._api.transport.send("GET", path, stream=True) as response:
                    for chunk in response.iter_content(1 << 18):
                        tail += chunk
                        if len(tail) > most:
                            tail, truncated = tail[-most:], True
                return tail, truncated
            except NotFound:
                break
            except requests.RequestException:
                longest = max(longest, tail, key=len)
        return longest, truncated


def specified_variables(row: dict[str, Any]) -> dict[str, str]:
    """Return the `variables:` of the specification in what the server says of a build."""
    spec = (row.get("specification") or {}).get("spec") or {}
    variables = spec.get("variables")
    return {str(name): str(value) for name, value in variables.items()} if isinstance(variables, dict) else {}


def is_deleted(row: dict[str, Any]) -> bool:
    """Tell from the server's row of a build whether its files were deleted."""
    files = artifacts_of(row) & {"CONDA_PACK", "DIRECTORY"}
    return row["status"] == BuildStatus.COMPLETED.value and not files


def is_packing(row: dict[str, Any]) -> bool:
    """Tell from the server's row of a build whether its archive may still come: that is made at last."""
    if row["status"] != BuildStatus.COMPLETED.value or "CONDA_PACK" in artifacts_of(row) or is_deleted(row):
        return False
    try:
        ended = datetime.fromisoformat(row["ended_on"] or "")
    except ValueError:
        return False
    return datetime.now(timezone.utc).replace(tzinfo=None) - ended <= timedelta(seconds=PACKING_SECONDS)


def artifacts_of(row: dict[str, Any]) -> set[str]:
    """Return conda-store's names for what a build has left."""
    return {artifact["artifact_type"] for artifact in row["build_artifacts"] or ()}
