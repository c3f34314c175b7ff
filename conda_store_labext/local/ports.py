"""Free ports on loopback, the ones of the last start again if nobody has taken them since."""

from __future__ import annotations

import socket


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
