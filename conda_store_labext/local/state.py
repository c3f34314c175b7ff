"""The supervisor's status, in a file that every process of the user may read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..models import LocalStoreState, LocalStoreStatus
from ..store.files import read_json, write_private_json
from .paths import StorePaths
from .process_groups import ProcessId


@dataclass(frozen=True)
class Record:
    """A status together with the processes behind it."""

    status: LocalStoreStatus
    supervisor: ProcessId | None = None
    server: ProcessId | None = None


def resting(failure: str | None = None) -> LocalStoreStatus:
    """Return the status of a store that does not run, with the sentence on why it should but cannot."""
    return LocalStoreStatus(
        state=LocalStoreState.FAILED if failure else LocalStoreState.STOPPED,
        url=None,
        pid=None,
        channel=None,
        step=None,
        progress=None,
        message=failure or "The local store is not running.",
    )


def starting() -> LocalStoreStatus:
    """Return the status of a store of which no more is known than that it is on its way."""
    return LocalStoreStatus(
        state=LocalStoreState.STARTING,
        url=None,
        pid=None,
        channel=None,
        step="Starting",
        progress=None,
        message="Starting ...",
    )


def write_record(paths: StorePaths, record: Record) -> None:
    """Publish a record."""
    write_private_json(paths.state, asdict(record))


def read_record(paths: StorePaths) -> Record | None:
    """Return the last record, null when there is none or it is of another make."""
    content = read_json(paths.state)
    try:
        status = content["status"]
        return Record(
            status=LocalStoreStatus(**{**status, "state": LocalStoreState(status["state"])}),
            supervisor=_process(content["supervisor"]),
            server=_process(content["server"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _process(content: dict[str, Any] | None) -> ProcessId | None:
    return ProcessId(int(content["pid"]), float(content["started"])) if content else None
