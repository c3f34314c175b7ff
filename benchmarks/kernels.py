"""From a kernelspec to the reply to the first cell."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

SECONDS = 120.0


@contextmanager
def first_reply(kernels: Path, name: str) -> Iterator[Callable[[], None]]:
    """Give what starts the kernel `name` of a kernelspec folder and has it add 1 and 1; then shut it down."""
    specs = KernelSpecManager(kernel_dirs=[str(kernels)], ensure_native_kernel=False)
    kernel = KernelManager(kernel_name=name, kernel_spec_manager=specs)
    client = None

    def run() -> None:
        nonlocal client
        kernel.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = kernel.blocking_client()
        client.start_channels()
        reply = client.execute("1 + 1", reply=True, timeout=SECONDS)
        assert reply["content"]["status"] == "ok", reply

    try:
        yield run
    finally:
        if client is not None:
            client.stop_channels()
        kernel.shutdown_kernel(now=True)
        kernel.cleanup_resources()
