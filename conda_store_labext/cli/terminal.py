"""What the command line prints: tables, JSON, and progress where someone watches."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from ..errors import Cancelled, InvalidRequest
from ..models import LocalStoreStatus, Materialisation, MaterialisationState, Step

MB = 1_000_000

_STEPS = {
    None: "waiting",
    Step.CONNECT: "connecting",
    Step.EXTRACT: "downloading",
    Step.PREFIX: "fixing the prefix",
    Step.PUBLISH: "publishing",
    Step.REGISTER: "registering the kernel",
}


def print_json(value: object) -> None:
    """Print a value as indented JSON on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below their header, columns aligned by their longest cell."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def complain(sentence: str) -> None:
    """Say on standard error what went wrong."""
    print(f"jupyter conda-store: {sentence}", file=sys.stderr, flush=True)


def confirm(question: str, yes: bool) -> None:
    """Ask on the terminal whether to go on, unless `yes` was given; Cancelled when the answer is not yes.

    Where nobody can be asked, InvalidRequest asks for the option.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidRequest(f"{question} Nobody can be asked here; give --yes if that is meant.")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Cancelled("Nothing was changed.")


def print_fields(fields: Mapping[str, str]) -> None:
    """Print names and values below each other; what has no value is left out."""
    width = max(map(len, fields)) + 2
    for name, value in fields.items():
        if value:
            print(f"{name + ':':{width}}{value}")


class ProgressLine:
    """One line on a terminal that is written over as things move; silent where nobody watches."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._width = 0

    def materialisation(self, now: Materialisation) -> None:
        """Show how far a materialisation has come; an ended one clears the line."""
        if now.state not in (MaterialisationState.WAITING, MaterialisationState.RUNNING):
            self.clear()
            return
        amount = ""
        if now.step is Step.EXTRACT:
            amount = f" {now.bytes_done / MB:.1f} MB"
            if now.bytes_total:
                share = 100 * now.bytes_done / now.bytes_total
                amount = f" {share:.0f} % of {now.bytes_total / MB:.1f} MB"
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
