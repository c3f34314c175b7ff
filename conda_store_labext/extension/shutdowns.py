"""Kernels that nobody wants any more while their environment is fetched: the fetch ends first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import signature
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

    return replace_method(kernel_manager, "shutdown_kernel", shutdown_kernel)


def end_starts_of_sessions(session_manager: Any) -> Callable[[], None]:
    """Have a session manager end a session's start when its kernel is changed again, or it is deleted.

    Without pending kernels the session has its kernel of before until the start is over, and is deleted or
    changed with that one. Returns what undoes it.
    """
    start_before: Callable[..., Awaitable[str]] = session_manager.start_kernel_for_session
    delete_before: Callable[..., Awaitable[None]] = session_manager.delete_session
    under_way: dict[str, list[str]] = {}

    def end(session_id: str) -> None:
        for path in under_way.get(session_id, ()):
            starts.end_session(path)

    @wraps(start_before)
    async def start_kernel_for_session(session_id: str, *args: Any, **kwargs: Any) -> str:
        end(session_id)
        given = signature(start_before).bind(session_id, *args, **kwargs).arguments
        variables = session_manager.get_kernel_env(given.get("path"), given.get("name"))
        file = variables.get(starts.SESSION_PATH, "")
        under_way.setdefault(session_id, []).append(file)
        try:
            return await start_before(session_id, *args, **kwargs)
        finally:
            under_way[session_id].remove(file)
            if not under_way[session_id]:
                del under_way[session_id]

    @wraps(delete_before)
    async def delete_session(session_id: str) -> None:
        end(session_id)
        await delete_before(session_id)

    undo_start = replace_method(session_manager, "start_kernel_for_session", start_kernel_for_session)
    undo_delete = replace_method(session_manager, "delete_session", delete_session)

    def undo() -> None:
        undo_start()
        undo_delete()

    return undo


def replace_method(manager: Any, name: str, method: Callable[..., Any]) -> Callable[[], None]:
    """Put a method in the place of a manager's own, and return what takes it away again."""
    setattr(manager, name, method)

    def undo() -> None:
        if vars(manager).get(name) is method:
            delattr(manager, name)

    return undo
