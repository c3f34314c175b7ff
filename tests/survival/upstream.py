"""A conda-store as far as a launch asks for it, with the archive's faults of `tests.pipeline.faulty`."""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.pipeline.faulty import PATIENCE, Fault, FaultyServer, Handler

ENVIRONMENT = re.compile(r"/api/v1/environment/\?(?=.*\bnamespace=default\b).*\bname=demo\b")
BUILD = re.compile(r"/api/v1/build/(\d+)/$")
ARCHIVE = re.compile(r"/api/v1/build/\d+/archive/$")


class Upstream(FaultyServer):
    """Knows `default/demo`, of which every number is a build with an archive; 1 is the active one."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.hooks.append(_api)


def _api(handler: Handler) -> bool:
    build = BUILD.search(handler.path)
    if build:
        row = {"id": int(build[1]), "environment_id": 1, "status": "COMPLETED", "size": 1}
        times = dict.fromkeys(("scheduled_on", "started_on", "ended_on"))
        _say(handler, {**row, **times, "build_artifacts": [{"artifact_type": "CONDA_PACK"}]})
    elif ENVIRONMENT.search(handler.path):
        _say(handler, [{"id": 1, "name": "demo", "description": "", "current_build_id": 1}])
    elif handler.path.endswith("/lockfile/"):
        handler.answer(404, b'{"status": "error"}', Content_Type="application/json")
        return True
    return bool(build or ENVIRONMENT.search(handler.path))


def _say(handler: Handler, data: object) -> None:
    body = json.dumps({"status": "ok", "data": data, "count": 1}).encode()
    handler.answer(200, body, Content_Type="application/json")


def expiring_links(upstream: FaultyServer, good_for: int) -> list[str]:
    """Give presigned links from now on, each good for so many requests; return the list of those given."""
    given: list[str] = []
    left: dict[str, int] = {}
    numbers = itertools.count()

    def hook(handler: Handler) -> bool:
        if ARCHIVE.search(handler.path):
            given.append(f"/conda-store/storage/archive?signature={next(numbers)}")
            left[given[-1]] = good_for
            handler.answer(307, b"", Location=given[-1])
            return True
        if "signature" in handler.path:
            left[handler.path] -= 1
            if left[handler.path] < 0:
                handler.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
                return True
        return False

    upstream.hooks.insert(0, hook)
    return given


def interrupt(at: int, action: Callable[[], object], delay: float = 0.0) -> Fault:
    """Return the fault that something happens, `delay` seconds after byte `at` of the archive was sent."""

    def fault(handler: Handler, body: bytes) -> bool:
        handler.give_head(len(body))
        with suppress(ConnectionError):
            handler.wfile.write(body[:at])
            handler.wfile.flush()
            time.sleep(delay)
            action()
            handler.wfile.write(body[at:])
        return True

    return fault


class Simultaneous:
    """A fault that is none: downloads wait until `go` is set, and it counts how many run at a time."""

    def __init__(self) -> None:
        self.most = 0
        self.go = threading.Event()
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, handler: Handler, body: bytes) -> bool:
        """Answer the whole archive."""
        self._count(1)
        try:
            self.go.wait(PATIENCE)
            time.sleep(0.1)
        finally:
            self._count(-1)
        handler.give(body)
        return True

    def _count(self, change: int) -> None:
        with self._lock:
            self._now += change
            self.most = max(self.most, self._now)


def without_length(handler: Handler, body: bytes) -> bool:
    """Answer the whole archive without saying how long it is, as a proxy may."""
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body)
    return True
