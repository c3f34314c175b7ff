"""The environment of this machine that a command is about, and the progress of what is done to it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidRequest, NotFound, NotTrusted
from .terminal import confirm

if TYPE_CHECKING:
    from ..machine.finder import MachineEnvironment
    from ..machine.provider import MachineProvider


def chosen(provider: MachineProvider, text: str) -> MachineEnvironment:
    """Return the environment that somebody names by its folder, its project's folder or its name."""
    path = Path(text).absolute()
    if path.is_dir():
        try:
            return provider.finder.at(path)
        except NotFound:
            return provider.finder.nearest(path)
    matches = [
        environment
        for environment in provider.finder.environments(Path.cwd(), provider.kernels.prefixes())[0]
        if text in (environment.name, environment.display_name, environment.key)
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise InvalidRequest(
            f"{text!r} names {len(matches)} environments; give the folder of the one that is meant."
        )
    raise NotFound(
        f"There is no environment {text!r} on this machine; `jupyter conda-store venv list` lists them."
    )


def trusted(provider: MachineProvider, text: str) -> MachineEnvironment:
    """Return what `chosen` does once the user has said yes to running it, if somebody else made it.

    Raises NotTrusted where nobody can be asked.
    """
    environment = chosen(provider, text)
    try:
        provider.require_trusted(environment)
    except NotTrusted as error:
        if not sys.stdin.isatty():
            raise
        print(error, file=sys.stderr)
        confirm("Do you trust whoever made it?", False)
        provider.trust(environment.key)
    return environment
