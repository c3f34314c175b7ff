"""The user's local store, as everything else sees it: how it stands, starting it, stopping it, its token."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import LocalStoreError
from ..models import LocalStoreState, LocalStoreStatus
from ..store.lock import is_held
from .availability import why_unavailable
from .credentials import load_secrets
from .environment import own_environment
from .paths import StorePaths, default_root
from .process_groups import end_leftovers
from .request import BUSY, STARTED, Request
from .settings import LocalSettings
from .state import Record, read_record, resting, starting, write_record

SUPERVISOR = "conda_store_labext.local.supervisor"
STOP_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 0.1
UNDER_WAY = (LocalStoreState.STARTING, LocalStoreState.RUNNING)

Progress = Callable[[LocalStoreStatus], None]

# Supervisors that end with this process: kept so that they can be waited for once they have ended.
_children: list[subprocess.Popen[str]] = []


@dataclass(frozen=True)
class LocalCredentials:
    """The running local store's address, what tells it from any other, and its user's token.

    `identity` stays when the port changes, and changes when the store's data are thrown away.
    """

    url: str
    identity: str
    token: str = field(repr=False)


class LocalServer:
    """The one local store of a folder, which any process of the user may start, join and stop.

    `data_dir` is that folder, the user's own in Jupyter's data folder by default.
    """

    def __init__(self, data_dir: Path | None = None, settings: LocalSettings | None = None) -> None:
        self.paths = StorePaths((data_dir or default_root()).absolute())
        self.settings = settings or LocalSettings.from_environment()

    def status(self) -> LocalStoreStatus:
        """Return how the store stands, from two files and without asking it; never raises."""
        current = self._current()
        # one that runs is of use to whoever cannot run one
        unavailable = None if current.state in UNDER_WAY else why_unavailable()
        if unavailable:
            return replace(resting(), state=LocalStoreState.UNAVAILABLE, message=unavailable)
        return current

    def _current(self) -> LocalStoreStatus:
        try:
            held, record = is_held(self.paths.lock), read_record(self.paths)
        except OSError as error:
            return resting(f"The local store's folder cannot be read: {error}.")
        if record is None:
            return starting() if held else resting()
        if held:
            # Between a supervisor's lock and its first word there are still the words of the one before.
            current = record.supervisor is None or record.supervisor.is_running()
            return record.status if current else starting()
        if record.supervisor:
            return replace(
                resting(), message="The local store is not running: it ended without being stopped."
            )
        return record.status

    def start(self, progress: Progress | None = None, *, detach: bool = True) -> LocalStoreStatus:
        """Start the store or join the one that runs, and return once it takes work.

        Each new status goes to `progress`. With `detach` the store stays when this process ends, else it ends
        with it. Raises LocalStoreError with a sentence on why it does not run.
        """
        status = self.status()
        if status.state is LocalStoreState.UNAVAILABLE:
            raise LocalStoreError(status.message)
        while status.state not in UNDER_WAY and is_held(self.paths.lock):
            time.sleep(LOOK_AGAIN_SECONDS)  # an earlier run is ending
            status = self.status()
        if status.state in UNDER_WAY:
            try:
                return self._follow(progress)
            except LocalStoreError:
                if not self._was_killed():
                    raise
        self._launch(detach)
        return self._follow(progress)

    def stop(self) -> LocalStoreStatus:
        """End the store and all of its processes, if it runs; raise LocalStoreError if it will not end."""
        record = read_record(self.paths)
        deadline = time.monotonic() + 2 * STOP_SECONDS
        while is_held(self.paths.lock):
            if time.monotonic() > deadline:
                raise LocalStoreError(
                    f"The local store did not stop: end the process that has {self.paths.lock} open."
                )
            if record and record.supervisor and record.supervisor.is_running():
                _end(record.supervisor.pid, self.paths.lock)
            else:
                time.sleep(LOOK_AGAIN_SECONDS)  # one that has just begun says who it is any moment
            record = read_record(self.paths)
        end_leftovers(self.paths.root)
        if self.paths.root.is_dir() and not is_held(self.paths.lock):
            write_record(self.paths, Record(resting()))
        return self.status()

    def credentials(self) -> LocalCredentials | None:
        """Return the running store's address and this user's token, null when it does not run."""
        status, secrets = self.status(), load_secrets(self.paths)
        if status.state is not LocalStoreState.RUNNING or status.url is None or secrets is None:
            return None
        return LocalCredentials(status.url, secrets.identity, secrets.token)

    def _was_killed(self) -> bool:
        """Tell whether the last run ended without having been told to, and without a word."""
        record = read_record(self.paths)
        return bool(record and record.supervisor and record.status.state in UNDER_WAY) and not is_held(
            self.paths.lock
        )

    def _launch(self, detach: bool) -> None:
        """Start a supervisor and wait until it has the lock, or until it says that another one has."""
        request = Request(str(self.paths.root), detach, os.getpid(), self.settings)
        try:
            self.paths.prepare()
        except OSError as error:
            raise LocalStoreError(
                f"The local store's folder {self.paths.root} cannot be made ({error.strerror}); "
                "make room there or correct its permissions, or set JUPYTER_DATA_DIR to another folder."
            ) from error
        process = subprocess.Popen(
            [sys.executable, "-m", SUPERVISOR],
            cwd=self.paths.root,
            env=own_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise LocalStoreError("The local store's supervisor could not be started: it has no pipes.")
        with process.stdin, process.stdout, process.stderr:
            process.stdin.write(json.dumps(request.to_json()))
            process.stdin.close()
            answer, errors = process.stdout.read().strip(), process.stderr.read().strip()
        if detach:
            process.wait()
        else:
            _children[:] = [*(child for child in _children if child.poll() is None), process]
        if answer not in (STARTED, BUSY):
            reason = errors.splitlines()[-1] if errors else "it said nothing"
            raise LocalStoreError(f"The local store's supervisor could not be started: {reason}")

    def _follow(self, progress: Progress | None) -> LocalStoreStatus:
        """Pass on each new status until the store runs; raise LocalStoreError once it will not."""
        last_status = None
        while True:
            status = self.status()
            if status.state in UNDER_WAY and status != last_status and progress:
                progress(status)
            last_status = status
            if status.state is LocalStoreState.RUNNING:
                return status
            if status.state is LocalStoreState.STOPPED:
                raise LocalStoreError("The local store was stopped while it started; start it again.")
            if status.state is not LocalStoreState.STARTING:
                raise LocalStoreError(status.message)
            time.sleep(LOOK_AGAIN_SECONDS)


def _end(pid: int, lock: Path) -> None:
    """End a supervisor, in order if it listens, and return when its lock is free or nothing helps."""
    for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 2.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while is_held(lock) and time.monotonic() < deadline:
            time.sleep(0.05)
