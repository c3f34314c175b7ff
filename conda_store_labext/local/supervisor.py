"""The process that holds a local store together: `python -m conda_store_labext.local.supervisor`.

It holds the lock, serves the local channel, starts conda-store-server and ends it, and says in `state.json`
how things stand. Its standard input is the JSON of a Request; its one line of output is `started`, or `busy`
when another one holds the lock.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
import traceback
from pathlib import Path

from ..errors import CondaStoreLabError, LocalStoreError
from ..models import LocalStoreState, LocalStoreStatus
from ..store.files import fresh_log, write_private_json
from ..store.lock import FileLock
from .channel.server import serve
from .channel_choice import ChosenChannel, choose
from .credentials import ensure_secrets
from .paths import StorePaths
from .process_groups import MARK, ProcessId, end_leftovers
from .request import BUSY, STARTED, Request
from .server.process import ServerProcess, remembered_ports, start_server
from .signals import Stop, ignore_signals, stop_on_signals, stop_with_parent
from .state import Record, resting, write_record

# who asks whether the lock is held takes it for a moment
PATIENCE = 2.0  # seconds


class Supervisor:
    """One run of a local store, from the first step to the last process's end."""

    def __init__(self, paths: StorePaths, request: Request) -> None:
        self.paths = paths
        self.settings = request.settings
        self.server: ServerProcess | None = None
        self.channel: ChosenChannel | None = None

    def run(self) -> None:
        """Start everything, stay while it runs, and end everything; the last state says how it went."""
        final = resting()
        try:
            self._start()
            self._stay()
        except Stop:
            pass
        except CondaStoreLabError as error:
            final = resting(error.message)
        except Exception as error:
            traceback.print_exc()
            final = resting(f"The local store could not be run: {error} (log: {self.paths.supervisor_log})")
        finally:
            ignore_signals()
            self._publish(final.state, final.message)
            if self.server:
                self.server.stop()
            end_leftovers(self.paths.root)
            write_record(self.paths, Record(final))

    def say(self, step: str, progress: float | None) -> None:
        """Publish how far the start has come."""
        self._publish(LocalStoreState.STARTING, f"{step} ...", step=step, progress=progress)

    def _start(self) -> None:
        ensure_secrets(self.paths)
        channels = self.settings.channels or self.paths.channels
        channels.mkdir(parents=True, exist_ok=True)
        self.channel = choose(self.settings, channels, self.say, note)
        ports = dict(remembered_ports(self.paths))
        if self.channel.folder:
            ports["channel_port"] = free_port(ports.get("channel_port"))
            serve(self.channel.folder, ports["channel_port"])
        ports["port"] = free_port(ports.get("port"))
        write_private_json(self.paths.server_settings, ports)
        alias = self.channel.alias or f"http://127.0.0.1:{ports['channel_port']}"
        self.say("Starting the server", None)
        packages = self.paths.packages / self.channel.key
        self.server = start_server(self.paths, ports["port"], self.channel.kind, alias, packages)
        self.say("Waiting for its worker", None)
        self.server.wait_until_ready()

    def _stay(self) -> None:
        """Publish that the store runs, and leave by an exception alone: Stop, or the server's end."""
        server, channel = self.server, self.channel
        if server is None or channel is None:
            raise LocalStoreError("The local store has no server.")
        message = f"The local store runs at {server.url}; packages come {channel.sentence}."
        self._publish(LocalStoreState.RUNNING, message, url=server.url)
        server.process.wait()
        raise LocalStoreError(server.epitaph())

    def _publish(
        self,
        state: LocalStoreState,
        message: str,
        *,
        url: str | None = None,
        step: str | None = None,
        progress: float | None = None,
    ) -> None:
        status = LocalStoreStatus(
            state=state,
            url=url,
            pid=os.getpid(),
            channel=self.channel.kind if self.channel else None,
            step=step,
            progress=progress,
            message=message,
        )
        server = self.server.identity if self.server else None
        write_record(self.paths, Record(status, ProcessId.of(os.getpid()), server))


def note(text: str) -> None:
    """Write a line into the supervisor's log."""
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", file=sys.stderr, flush=True)


def supervise(request: Request) -> None:
    """Run the local store that is asked for, unless another process does already."""
    paths = StorePaths(Path(request.root))
    paths.prepare()
    lock = FileLock(paths.lock)  # the kernel drops it with this process, however that ends
    if not lock.acquire_within(PATIENCE):
        print(BUSY, flush=True)
        return
    stop_on_signals()
    supervisor = Supervisor(paths, request)
    supervisor.say("Starting", None)
    print(STARTED, flush=True)
    _speak_into(paths.supervisor_log)
    if not request.detach:
        stop_with_parent(request.parent)
    # Whatever this process starts carries the mark by which the next one would know it.
    os.environ[MARK] = str(paths.root)
    end_leftovers(paths.root)
    supervisor.run()


def free_port(wanted: int | None) -> int:
    """Return `wanted` if it can be listened on, else a port that can.

    The server's address is part of what local copies are known by: it should not change at every start.
    """
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            # As servers do, so that a port whose last connections are still closing counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port on 127.0.0.1 can be listened on")


def _speak_into(log: Path) -> None:
    """Send everything that is printed from here on into a log, and let go of the starter's streams."""
    out, nothing = fresh_log(log), os.open(os.devnull, os.O_RDONLY)
    for descriptor, stream in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(descriptor, stream)
    os.close(out)
    os.close(nothing)


def main() -> None:
    """Serve the request on standard input; forks twice when detached, so that init reaps it."""
    request = Request.from_json(json.load(sys.stdin))
    if request.detach and os.fork():
        os._exit(0)
    with contextlib.suppress(Stop):
        supervise(request)


if __name__ == "__main__":
    main()
