"""Forks Jupyter servers from a process that has imported everything already: a second each is saved.

One line of JSON on standard input asks for one server: its environment variables, its log, its arguments.
The answer is its process id. Nothing here has a thread or an open file when it forks.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from jupyter_server.serverapp import ServerApp

from conda_store_labext.extension.app import CondaStoreApp

READY = (ServerApp, CondaStoreApp)  # what is imported once for all servers


def serve(asked: dict[str, dict[str, str] | list[str] | str]) -> None:
    """Become the server."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    environment, log, arguments = asked["environment"], asked["log"], asked["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(log, str)
    os.environ.update(environment)
    nothing, out = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for fd, of in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(fd, of)
    os.close(nothing)
    os.close(out)
    ServerApp.launch_instance(arguments)


def main() -> None:
    """Fork a server for every line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if not pid:
            serve(json.loads(line))
            sys.exit()  # as a server does that was not forked: it waits for its threads
        print(pid, flush=True)


if __name__ == "__main__":
    main()
