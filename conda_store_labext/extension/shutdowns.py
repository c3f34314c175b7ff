"""Kernels that are shut down while their environment is fetched: the fetch ends first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from jupyter_core.utils import ensure_async

from ..on_demand import starts


def end_starts_at_shutdown(kernel_manager: Any) -> Callable[[], None]:
    """Have a kernel manager end a kernel's start before it shuts the kernel down; return what undoes it.

    Its own `shutdown_kernel` waits for the start, and so do whoever calls it: the routes for kernels and
    sessions, and what culls idle kernels.
    """
    before: Callable[..., Awaitable[None] | None] = kernel_manager.shutdown_kernel

    @wraps(before)
    async def shutdown_kernel(kernel_id: str, *args: Any, **kwargs: Any) -> None:
        starts.end_kernel(kernel_id)
        await ensure_async(before(kernel_id, *args, **kwargs))

    kernel_manager.shutdown_kernel = shutdown_kernel

    def undo() -> None:
        if vars(kernel_manager).get("shutdown_kernel") is shutdown_kernel:
            del kernel_manager.shutdown_kernel

    return undo
