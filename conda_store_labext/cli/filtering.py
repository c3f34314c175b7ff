"""The options `--status`, `--artifact` and `--package` of lists."""

from __future__ import annotations

import argparse

from ..client.filters import Filters
from ..models import BuildStatus
from .following import ARTIFACTS

STATUSES = tuple(status.value.lower() for status in BuildStatus)
KINDS = {
    **ARTIFACTS,
    "directory": "DIRECTORY",
    "installer": "CONSTRUCTOR_INSTALLER",
    "docker": "DOCKER_MANIFEST",
}


def add_options(parser: argparse.ArgumentParser, which: str) -> None:
    """Add the options; `which` build has to be like that, their help says."""
    where = f"only where the {which}"
    parser.add_argument("--status", choices=STATUSES, type=str.lower, help=f"{where} has this status")
    parser.add_argument("--artifact", choices=tuple(KINDS), type=str.lower, help=f"{where} has left this")
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="PACKAGE",
        help=f"{where} holds this conda package, or all of several",
    )


def chosen(options: argparse.Namespace) -> Filters:
    """Return what the options say."""
    return Filters(
        BuildStatus(options.status.upper()) if options.status else None,
        KINDS[options.artifact] if options.artifact else "",
        tuple(name.lower() for name in options.package),
    )
