"""Kernels that would not start in their folder: whoever starts one is told which file is in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async

from ..errors import Conflict
from ..kernels.names import METADATA
from ..kernels.shadowing import require_unshadowed
from ..machine.start import METADATA as OF_MACHINE
from .shutdowns import replace_method


def check_before_starts(session_manager: Any) -> Callable[[], None]:
    """Have a session manager start no registered kernel of ours where a file of its folder is in the way.

    What is fetched as it starts is looked at then. Returns what undoes it.
    """
    before: Callable[..., Awaitable[str]] = session_manager.start_kernel_for_session

    @wraps(before)
    async def start_kernel_for_session(*args: Any, **kwargs: Any) -> str:
        given = signature(before).bind(*args, **kwargs).arguments
        await _checked(session_manager, given.get("path"), given.get("kernel_name"))
        return await before(*args, **kwargs)

    return replace_method(session_manager, "start_kernel_for_session", start_kernel_for_session)


async def _checked(session_manager: Any, path: str | None, kernel: str | None) -> None:
    kernels = session_manager.kernel_manager

    def check(folder: str) -> Conflict | None:
        spec = kernels.kernel_spec_manager.get_kernel_spec(kernel)
        if METADATA in spec.metadata or OF_MACHINE in spec.metadata:
            try:
                require_unshadowed(spec.argv, Path(folder))
            except Conflict as error:
                return error
        return None

    conflict = None
    with suppress(Exception):  # whatever else is wrong, the start says better
        kernel_path = await ensure_async(session_manager.contents_manager.get_kernel_path(path=path))
        conflict = await asyncio.to_thread(check, kernels.cwd_for_path(kernel_path))
    if conflict is not None:
        raise conflict
