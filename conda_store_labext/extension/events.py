"""Events that tell the page of copies, jobs and the local conda-store as they change."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from jupyter_events import EventLogger
from tornado.ioloop import IOLoop

from ..models import Job, LocalCopy, LocalStoreStatus

SCHEMAS = Path(__file__).parent / "schemas"
NAMESPACE = "https://events.jupyter.org/conda_store_labext"


class Events:
    """The events of this package in a Jupyter server's logger; `emit` may be called from any thread."""

    def __init__(self, logger: EventLogger, loop: IOLoop) -> None:
        self._logger = logger
        self._loop = loop

    def register(self) -> None:
        """Make their schemas known."""
        for schema in sorted(SCHEMAS.glob("*.yaml")):
            self._logger.register_event_schema(schema)

    def emit(self, name: str, data: LocalCopy | LocalStoreStatus | Job) -> None:
        """Emit an event of that name; it is not waited for."""
        # through JSON and back: to a schema a tuple is no array
        payload = json.loads(json.dumps(asdict(data)))
        # emitting needs the event loop's own thread
        self._loop.add_callback(self._logger.emit, schema_id=f"{NAMESPACE}/{name}", data=payload)
