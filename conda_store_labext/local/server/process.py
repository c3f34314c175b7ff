"""conda-store-server as a child process: its files, its start, its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...errors import LocalStoreError
from ...store.files import fresh_log, read_json, write_private, write_private_json
from ..channel_choice import CHANNEL
from ..environment import server_environment, solver_command, write_commands
from ..paths import StorePaths
from ..process_groups import ProcessId, end_group
from ..readiness import last_useful_line, record_disk, server_answers, worker_is_ready

URL_PATH = "/conda-store"
SERVER = "conda_store_server._internal.server"
CONFIG = """from conda_store_labext.local.server.config import configure

configure(get_config(), {root!r})
"""
READY_SECONDS = 300.0
STOP_SECONDS = 2.0


@dataclass(frozen=True)
class ServerProcess:
    """A running server, the leader of its own process group."""

    process: subprocess.Popen[bytes]
    port: int
    alias: str
    paths: StorePaths

    @property
    def url(self) -> str:
        """Return where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}{URL_PATH}"

    @property
    def identity(self) -> ProcessId:
        """The identity of its process."""
        return ProcessId.of(self.process.pid)

    def wait_until_ready(self) -> None:
        """Wait for the server and its worker; raise LocalStoreError with the log's last word if they fail."""
        deadline = time.monotonic() + READY_SECONDS
        ready = False
        while not ready:
            if self.process.poll() is not None:
                raise LocalStoreError(self.epitaph())
            if time.monotonic() > deadline:
                raise LocalStoreError(
                    f"The local store's server is not ready after {READY_SECONDS:.0f} s: {self._log()}"
                )
            time.sleep(0.1)
            # The worker's word counts once the server answers: only then are the words of earlier ones gone.
            ready = server_answers(self.port, f"{URL_PATH}/api/v1/") and worker_is_ready(self.paths.database)
        with contextlib.suppress(sqlite3.Error):  # the worker does the same in a while
            record_disk(self.paths.database, self.paths.environments)

    def epitaph(self) -> str:
        """Return a sentence on a server that has ended by itself."""
        return (
            f"The local store's server ended by itself (exit code {self.process.returncode}): {self._log()}"
        )

    def stop(self) -> None:
        """End the server and everything that it started."""
        end_group(self.process.pid, STOP_SECONDS)
        self.process.wait()
        # conda-store puts this one in /tmp by name, whatever TMPDIR says
        channel = f"{self.alias}/{CHANNEL}".removeprefix("http").replace(":", "").replace("/", "_")
        with contextlib.suppress(OSError):
            Path(f"/tmp/task_lock_lock_task_update_conda_channel_{channel}").unlink()

    def _log(self) -> str:
        line = last_useful_line(self.paths.server_log)
        return f"{line or 'it said nothing'} (log: {self.paths.server_log})"


def start_server(paths: StorePaths, port: int, channel: str, alias: str, packages: Path) -> ServerProcess:
    """Start the server; `packages` is its package cache, the only one that is kept."""
    _prepare(paths, packages)
    settings = {
        "port": port,
        "channel": channel,
        "alias": alias,
        "solver": solver_command(),
        "supervisor": os.getpid(),
    }
    write_private_json(paths.server_settings, {**read_json(paths.server_settings), **settings})
    log = fresh_log(paths.server_log)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", SERVER, "--standalone", "--config", str(paths.config)],
            cwd=paths.root,
            env=server_environment(paths, alias, packages),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    finally:
        os.close(log)
    return ServerProcess(process, port, alias, paths)


def remembered_ports(paths: StorePaths) -> Mapping[str, int]:
    """Return the ports of the last start, by `port` (the server's) and `channel_port`."""
    settings = read_json(paths.server_settings)
    return {name: settings[name] for name in ("port", "channel_port") if isinstance(settings.get(name), int)}


def _prepare(paths: StorePaths, packages: Path) -> None:
    write_private(paths.config, CONFIG.format(root=str(paths.root)))
    write_private(paths.mapping, "{}\n")
    paths.database.touch(mode=0o600)
    write_commands(paths)
    if paths.scratch:
        shutil.rmtree(paths.scratch, ignore_errors=True)
        paths.scratch.mkdir(mode=0o700)
    for cache in paths.packages.iterdir():
        if cache != packages:
            shutil.rmtree(cache, ignore_errors=True)
    packages.mkdir(exist_ok=True)
