"""Ending in order: on a signal, or together with the process that one was started for."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType
from typing import NoReturn

ASKING_TO_STOP = (signal.SIGTERM, signal.SIGINT)


class Stop(BaseException):
    """Someone asked for the end."""


def stop_on_signals() -> None:
    """Let a signal that asks to stop raise Stop in the main thread, the first one alone."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        ignore_signals()
        raise Stop

    for number in ASKING_TO_STOP:
        signal.signal(number, stop)


def ignore_signals() -> None:
    """Let no signal that asks to stop disturb the end, which is under way."""
    for number in ASKING_TO_STOP:
        signal.signal(number, signal.SIG_IGN)


def stop_with_parent(parent: int) -> None:
    """Send this process TERM as soon as `parent` is not its parent any more."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.25)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop-with-parent", daemon=True).start()
