"""Output of the command line: tables, JSON, questions and complaints."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence

from ..errors import Cancelled, InvalidRequest


def print_json(value: object) -> None:
    """Print a value as indented JSON on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below their header, columns aligned by their longest cell."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_removed(names: Sequence[str], as_json: bool) -> None:
    """Print names of what was removed, a line each, or as JSON."""
    if as_json:
        print_json(names)
        return
    for name in names:
        print(f"removed {name}")


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
        raise InvalidRequest(f"{question} There is no terminal to ask on; give --yes to confirm.")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Cancelled("Nothing was changed.")


def print_fields(fields: Mapping[str, str]) -> None:
    """Print names and values below each other; what has no value is left out."""
    width = max(map(len, fields)) + 2
    for name, value in fields.items():
        if value:
            print(f"{name + ':':{width}}{value}")


def reporter(options: argparse.Namespace) -> Callable[[str], None]:
    """Return what shows a program's lines, on standard error so that the result can be piped."""

    def report(line: str) -> None:
        if not options.json:
            print(line, file=sys.stderr, flush=True)

    return report
