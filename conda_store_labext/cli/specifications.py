"""Specifications as the command line gives them: a file, packages, or changes to an environment's own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InvalidRequest
from .terminal import complain


@dataclass(frozen=True)
class SpecificationSource:
    """A specification's YAML, or a lockfile's text."""

    text: str
    is_lockfile: bool = False


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what an environment is to be made from."""
    parser.add_argument(
        "--file",
        "-f",
        metavar="FILE",
        help="environment.yml, conda-lock.yml, requirements.txt or a list of packages; - is standard input",
    )
    parser.add_argument(
        "--package",
        "-p",
        action="append",
        default=[],
        metavar="SPEC",
        help="e.g. 'numpy>=2', instead of a file",
    )
    parser.add_argument(
        "--channel", "-c", action="append", default=[], metavar="NAME", help="by default conda-forge"
    )


def chosen_source(options: argparse.Namespace, name: str, platform: str) -> SpecificationSource:
    """Return what the options ask for, as a specification of that name; InvalidRequest unless they do.

    `platform` is conda's name of the one that it is to be built for.
    """
    from ..specifications.buildable import require_buildable
    from ..specifications.text import specification_text

    if bool(options.file) == bool(options.package):
        raise InvalidRequest("Say what to build it from: either --file FILE or --package SPEC.")
    if options.file:
        if options.channel:
            raise InvalidRequest("A file names its channels itself; leave --channel out.")
        return read_source(options.file, platform, name)
    channels = options.channel or ["conda-forge"]
    for package in options.package:
        _refuse_unreadable(package)
    specification = {"name": name, "channels": channels, "dependencies": options.package}
    require_buildable(specification)
    return SpecificationSource(specification_text(specification))


def read_source(file: str, platform: str, name: str | None = None) -> SpecificationSource:
    """Read a file, as a specification of that name if one is given; what is left out of it is said."""
    from ..specifications.commented import with_name
    from ..specifications.convert import convert

    read = convert(file, read_content(file), platform)
    for note in read.notes:
        if not note.startswith("The environment is named"):
            complain(note)
    if read.is_lockfile or name is None:
        return SpecificationSource(read.specification, read.is_lockfile)
    return SpecificationSource(with_name(read.specification, name))


def read_content(file: str) -> bytes:
    """Return a file's bytes, or what comes on standard input for `-`; InvalidRequest when there is none."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InvalidRequest(f"{file} cannot be read ({error.strerror}); name another file.") from None


def edited(text: str, add: Sequence[str], remove: Sequence[str]) -> str:
    """Return a specification with other packages, its comments kept; each takes its own one's place."""
    from ..specifications.commented import with_packages
    from ..specifications.text import parse_specification

    listed = parse_specification(text).get("dependencies") or []
    for name in remove:
        if not any(_name(name) and _name(dependency) == _name(name) for dependency in listed):
            raise InvalidRequest(f"{name} is not among the dependencies; look at them with `env show`.")
    for name in add:
        _refuse_unreadable(name)
    return with_packages(text, add, remove)


def _refuse_unreadable(package: str) -> None:
    """Raise InvalidRequest for what conda does not read as a package."""
    if not _name(package):
        raise InvalidRequest(
            f"{package} is not a package that conda can read; "
            "write it like numpy, numpy=2.1 or 'numpy>=2,<3'."
        )


def _name(dependency: object) -> str | None:
    from ..specifications.matchspecs import package_name

    return package_name(dependency) or None if isinstance(dependency, str) else None
