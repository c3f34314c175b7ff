"""Specifications as the command line gives them: a file, packages, or changes to an environment's own."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InvalidRequest
from .terminal import complain

_NAME = re.compile(r"\s*(?:[^\s:]+::)?([A-Za-z0-9_.-]+)")


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
        help="environment.yml, conda-lock.yml or requirements.txt; - is standard input",
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


def chosen_source(options: argparse.Namespace, name: str) -> SpecificationSource:
    """Return what the options ask for, as a specification of that name; InvalidRequest unless they do."""
    from ..specifications.text import specification_text

    if bool(options.file) == bool(options.package):
        raise InvalidRequest("Say what to build it from: either --file FILE or --package SPEC.")
    if options.file:
        if options.channel:
            raise InvalidRequest("A file names its channels itself; leave --channel out.")
        return read_source(options.file, name)
    channels = options.channel or ["conda-forge"]
    return SpecificationSource(
        specification_text({"name": name, "channels": channels, "dependencies": options.package})
    )


def read_source(file: str, name: str | None = None) -> SpecificationSource:
    """Read a file, as a specification of that name if one is given; what is left out of it is said."""
    from ..specifications.convert import convert
    from ..specifications.text import parse_specification, specification_text

    read = convert(file, read_text(file))
    for note in read.notes:
        if not note.startswith("The environment is named"):
            complain(note)
    if read.is_lockfile or name is None:
        return SpecificationSource(read.specification, read.is_lockfile)
    return SpecificationSource(specification_text({**parse_specification(read.specification), "name": name}))


def read_text(file: str) -> str:
    """Return a file's text, or what comes on standard input for `-`; InvalidRequest when there is none."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InvalidRequest(f"{file} cannot be read ({why}); name another file.") from None


def edited(text: str, add: Sequence[str], remove: Sequence[str]) -> str:
    """Return a specification with other dependencies; a package that is added takes its own one's place."""
    from ..specifications.text import parse_specification, specification_text

    found = parse_specification(text)
    listed: list[Any] = list(found.get("dependencies") or [])
    for name in remove:
        if not any(_name(one) == _name(name) for one in listed):
            raise InvalidRequest(f"{name} is not among the dependencies; look at them with `env show`.")
    going = {_name(one) for one in (*remove, *add)}
    kept = [one for one in listed if _name(one) not in going]
    packages = [one for one in kept if isinstance(one, str)]
    sections = [one for one in kept if not isinstance(one, str)]
    return specification_text({**found, "dependencies": [*packages, *add, *sections]})


def _name(dependency: object) -> str | None:
    found = _NAME.match(dependency) if isinstance(dependency, str) else None
    return found[1].lower() if found else None
