"""Progress on a terminal, where someone watches."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

from ..models import CopyState, LocalCopy, LocalStoreStatus, Step

MB = 1_000_000

_STEPS = {
    None: "waiting",
    Step.CONNECT: "connecting",
    Step.EXTRACT: "downloading",
    Step.PREFIX: "fixing the prefix",
    Step.PUBLISH: "publishing",
    Step.REGISTER: "registering the kernel",
}


class ProgressLine:
    """One line on a terminal that is written over as things move; silent where nobody watches."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._width = 0

    def copy(self, now: LocalCopy) -> None:
        """Show how far a copy has come; an ended one clears the line."""
        if now.state not in (CopyState.WAITING, CopyState.RUNNING):
            self.clear()
            return
        amount = ""
        if now.step is Step.EXTRACT:
            amount = f" {now.bytes_done / MB:.1f} MB"
            if now.bytes_total:
                share = 100 * now.bytes_done / now.bytes_total
                amount = f" {share:.0f} % of {now.bytes_total / MB:.1f} MB"
            if now.bytes_saved and now.bytes_saved > 0 and now.bytes_total is not None:
                amount += f" instead of {(now.bytes_total + now.bytes_saved) / MB:.1f} MB"
        self._write(f"{now.namespace}/{now.environment} #{now.build_id}: {_STEPS[now.step]}{amount}")

    def local_store(self, now: LocalStoreStatus) -> None:
        """Show how far the start of the local store has come."""
        share = f" ({now.progress:.0%})" if now.progress is not None else ""
        self._write(f"{now.step or now.message}{share}")

    def text(self, text: str) -> None:
        """Show any text, cut to the terminal's width."""
        self._write(text[: shutil.get_terminal_size().columns - 1] if self._shown else text)

    def clear(self) -> None:
        """Take the line away."""
        self._write("")
        if self._shown:
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        if self._shown:
            self._stream.write("\r" + text.ljust(self._width))
            self._stream.flush()
            self._width = len(text)
