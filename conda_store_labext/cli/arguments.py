"""The options `--status`, `--artifact` and `--package` of lists."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from ..client.filters import Filters
from ..errors import InvalidRequest, NotFound
from ..models import BuildStatus
from ..models.reference import Reference
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


if TYPE_CHECKING:
    from ..client.client import CondaStoreClient

BUILD = "BUILD|NAMESPACE/ENVIRONMENT[:BUILD]"
ENVIRONMENT = "NAMESPACE/ENVIRONMENT"


def named_build(client: CondaStoreClient, text: str) -> int:
    """Return the build's number; NotFound when the environment has no build yet."""
    number = re.fullmatch(r"#?(\d{1,18})", text)
    if number:
        return int(number[1])
    reference = Reference.parse(text)
    if reference.build_id is not None:
        return reference.build_id
    builds = client.builds(reference.namespace, reference.environment, size=1).builds
    if not builds:
        raise NotFound(f"{reference} has no build yet; `jupyter conda-store env update` makes one.")
    return builds[0].id


def named_environment(text: str) -> Reference:
    """Return the environment; InvalidRequest when a build of it is named."""
    reference = Reference.parse(text)
    if reference.build_id is not None:
        raise InvalidRequest(
            f"{text} names a build, but an environment is needed; leave `:{reference.build_id}` out."
        )
    return reference
