"""What the program's exit code says of an error."""

from __future__ import annotations

EXIT_USAGE = 2
EXIT_CODES = {
    "invalid_request": EXIT_USAGE,
    "not_configured": 3,
    "server_unreachable": 3,
    "server_timeout": 3,
    "server_error": 3,
    "not_authenticated": 4,
    "forbidden": 4,
    "not_found": 5,
    "not_launchable": 6,
    "no_kernel": 6,
    "timed_out": 124,
    "cancelled": 130,
}


def exit_code(code: str) -> int:
    """Return the exit code for an error's code."""
    return EXIT_CODES.get(code, 1)
