"""Following a build on the server: its log as it grows, how long it is queued, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ..copies.progress import ProgressLine
from ..errors import BuildFailed, ServerUnreachable, TimedOut
from ..models import Build, BuildDetail, BuildStatus
from ..models.limits import PACKING_SECONDS, PATIENCE_SECONDS

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 2.0  # seconds between two looks
ANCHOR = 4096  # characters by which the place is found again in a log of which only the end is given

ARTIFACTS = {"archive": "CONDA_PACK", "lockfile": "LOCKFILE", "yaml": "YAML", "logs": "LOGS"}


class GrowingLog:
    """Tells what a log has gained since the last look, in whole lines, and never the same again.

    conda-store rewrites the file as it grows, so that a look may find less of it than the one before.
    """

    def __init__(self) -> None:
        self._seen = ""

    def gained(self, text: str, complete: bool = False) -> str:
        """Return what is new in the log's text, whose last line counts only once it is complete."""
        whole = text if complete else text[: text.rfind("\n") + 1]
        if whole.startswith(self._seen):
            new = whole[len(self._seen) :]
        else:
            anchor = self._seen[-ANCHOR:]
            position = whole.rfind(anchor)
            if position < 0 and len(whole) <= len(self._seen):
                return ""
            new = whole[position + len(anchor) :] if position >= 0 else whole
        self._seen = whole
        return new


def follow(
    client: CondaStoreClient,
    build_id: int,
    *,
    write: Callable[[str], object] | None = None,
    artifact: str | None = None,
    timeout: float | None = None,
) -> BuildDetail:
    """Return a build once it has ended, whatever became of it.

    `write` is given the log as it grows. With an `artifact` (a key of ARTIFACTS) a build that succeeded has
    ended only when it has that; without one, its archive is given a minute. Raises TimedOut after `timeout`
    seconds, and what the client raises.
    """
    began = time.monotonic()
    answered, completed = began, None
    pause, log, line = FIRST_PAUSE, GrowingLog(), ProgressLine()
    build: BuildDetail | None = None
    try:
        while True:
            try:
                build = client.build(build_id)
                over = build.status not in (BuildStatus.QUEUED, BuildStatus.BUILDING)
                if write and build.status is not BuildStatus.QUEUED:
                    new = log.gained(client.log(build_id), over)
                    if new:
                        line.clear()
                        write(new)
                answered = time.monotonic()
            except ServerUnreachable:
                if time.monotonic() - answered > PATIENCE_SECONDS:
                    raise
                over = False
            if build is not None and over:
                completed = completed or time.monotonic()
                if _has_all(build, artifact, time.monotonic() - completed):
                    return build
            if timeout is not None and time.monotonic() - began > timeout:
                raise TimedOut(_too_late(build, build_id, artifact, timeout))
            if build is not None:
                line.text(_progress(build, began))
            time.sleep(pause)
            pause = min(pause * 1.2, LONGEST_PAUSE)
    finally:
        line.clear()


def succeeded(build: BuildDetail) -> BuildDetail:
    """Return the build if it succeeded; raise BuildFailed, with the log's first error, if not."""
    what = f"Build {build.id} of {build.namespace}/{build.environment}"
    if build.status is BuildStatus.FAILED:
        why = f": {build.reason.rstrip('.')}" if build.reason else ""
        raise BuildFailed(f"{what} failed{why}; `jupyter conda-store build logs {build.id}` shows its log.")
    if build.status is BuildStatus.CANCELED:
        raise BuildFailed(f"{what} was cancelled; build it again when you want it.")
    return build


def waited(build: Build, now: float | None = None) -> float:
    """Return for how many seconds a build has been queued, or was until it began."""
    if build.scheduled_on is None:
        return 0.0
    until = _seconds(build.started_on) if build.started_on else (time.time() if now is None else now)
    return max(until - _seconds(build.scheduled_on), 0.0)


def show_time(seconds: float) -> str:
    """Return a length of time with the two largest units that it needs."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _has_all(build: BuildDetail, artifact: str | None, since: float) -> bool:
    if build.status is not BuildStatus.COMPLETED:
        return True
    if artifact:
        return ARTIFACTS[artifact] in build.artifacts
    return build.launchable or since > PACKING_SECONDS


def _progress(build: BuildDetail, began: float) -> str:
    what = f"{build.namespace}/{build.environment} #{build.id}"
    if build.status is BuildStatus.QUEUED:
        return f"{what}: queued for {show_time(max(waited(build), time.monotonic() - began))}"
    if build.status is BuildStatus.COMPLETED:
        return f"{what}: packing"
    return f"{what}: building for {show_time(time.monotonic() - began)}"


def _too_late(build: BuildDetail | None, build_id: int, artifact: str | None, timeout: float) -> str:
    state = "gives no answer" if build is None else f"is still {build.status.value.lower()}"
    if build and build.status is BuildStatus.COMPLETED:
        state = f"is complete but has no {artifact or 'archive'}"
    if build and build.status is BuildStatus.QUEUED:
        state += f", for {show_time(waited(build))} now,"
    return f"Build {build_id} {state} after {show_time(timeout)}; wait longer, or look at its log."


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=timezone.utc).timestamp()
