"""Declaring commands: each group of them adds its own to the parser, and says which function does it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

REFERENCE = "NAMESPACE/ENVIRONMENT[:BUILD]"

Function = Callable[[argparse.Namespace], int]


class Commands:
    """The commands below a parser; a function takes the parsed options and returns the exit code.

    Without one of its commands the parser prints all of them, and wrong usage is its exit code.
    """

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parsers = parser.add_subparsers(metavar="COMMAND")

        def show_help(_options: argparse.Namespace) -> int:
            parser.print_help(sys.stderr)
            return EXIT_USAGE

        parser.set_defaults(function=show_help)

    def add(self, name: str, function: Function, about: str, *, json: bool = True) -> argparse.ArgumentParser:
        """Add a command, with the option `--json` unless it prints nothing of its own, and return it."""
        parser = self._parsers.add_parser(name, help=about, description=about)
        parser.set_defaults(function=function)
        if json:
            parser.add_argument("--json", action="store_true", help="print JSON on standard output")
        return parser

    def group(self, name: str, about: str) -> Commands:
        """Add a command that has commands of its own, and return those."""
        return Commands(self._parsers.add_parser(name, help=about, description=about))


EXIT_USAGE = 2
EXIT_CODES = {
    "invalid_request": EXIT_USAGE,
    "unsuitable_lockfile": EXIT_USAGE,
    "not_configured": 3,
    "package_unavailable": 3,
    "server_unreachable": 3,
    "server_timeout": 3,
    "server_error": 3,
    "not_authenticated": 4,
    "forbidden": 4,
    "repository_unreachable": 3,
    "repository_refused": 4,
    "not_trusted": 4,
    "not_found": 5,
    "not_launchable": 6,
    "no_kernel": 6,
    "timed_out": 124,
    "cancelled": 130,
}


def exit_code(code: str) -> int:
    """Return the exit code for an error's code."""
    return EXIT_CODES.get(code, 1)
