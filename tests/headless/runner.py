"""Runs code on a kernel of its own as `jupyter run` does, with a busy machine's patience.

Usage: `python runner.py KERNEL SOCKET CODE`. The kernel listens at sockets in the working folder whose names
begin with SOCKET: of free ports, two programs that start at once sometimes choose the same.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from jupyter_client.manager import KernelManager

READY_SECONDS = 600
SILENT_SECONDS = 120
TRIES = 5


def main(kernel: str, socket: str, code: str) -> None:
    """Start the kernel, print what the code prints, and end it; ask again when nothing was heard."""
    manager = KernelManager(kernel_name=kernel, transport="ipc", ip=socket)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    heard: list[str] = []

    def listen(message: dict[str, Any]) -> None:
        heard.append(message["content"].get("text", ""))

    try:
        client.wait_for_ready(timeout=READY_SECONDS)
        for _ in range(TRIES):
            with suppress(TimeoutError):
                client.execute_interactive(code, timeout=SILENT_SECONDS, output_hook=listen)
            if any(heard):
                break
        print("".join(heard))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
