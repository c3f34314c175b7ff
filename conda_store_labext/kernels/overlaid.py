"""A kernel on an overlay: its Python, pip, uv and R put what they install there, and import it from there."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import CondaStoreLabError
from ..store.lock import FileLock
from ..store.overlay import R_LIBRARY, SYS_PREFIX, constraints, libraries
from .activation import Activated, Activation
from .session import has_additions, sees_user_site

# What would lead pip, uv or Python to another environment than the one that is meant.
MISLEADING = (
    *("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT_ENVIRONMENT", "UV_WORKING_DIR"),
    *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"),
)
# of these, what a session may set for imports stays
_INSTALLERS = tuple(name for name in MISLEADING if name.startswith(("PIP_", "UV_")))
_PYTHON = re.compile(r"python(3(\.\d+t?)?)?")


class Begun(NamedTuple):
    """A kernel about to start: its command, what is activated, and what keeps its overlay until it runs."""

    command: tuple[str, ...]
    activated: Activated
    lock: FileLock | None = None


def begin(
    activation: Activation,
    session: Mapping[str, str],
    kernel: Mapping[str, object],
    command: Sequence[str],
    folder: Path | None = None,
) -> Begun:
    """Return what starts a kernel of an environment in a session, on its overlay unless there is to be none.

    `kernel` are the variables of its kernel.json, `folder` is where it runs. An overlay that cannot be made
    is a problem to tell of.
    """
    activated = activation.activate(session, kernel)
    if folder and Path(command[0]).name.startswith("julia"):
        from .julia import in_project  # not for the many that are none

        julia = in_project(command, activated.variables, folder)
        if julia:
            problems = (*activated.problems, *julia.problems)
            command, activated = julia.command, Activated(julia.variables, problems)
    begun, overlay = Begun(tuple(command), activated), activation.overlay
    if overlay is None or not has_additions(session) or not _takes_packages(activation.prefix):
        return begun
    try:
        lock = overlay.hold(activation.prefix)
    except (OSError, CondaStoreLabError) as error:
        why = f"Packages cannot be added to it: {overlay.folder} cannot be made ({error}); make room there."
        return begun._replace(activated=activated._replace(problems=(*activated.problems, why)))
    variables = overlaid(activated.variables, overlay.folder, activation.prefix, sees_user_site(session))
    on_overlay = _on(overlay.folder, activation.prefix, command)
    if on_overlay != tuple(command):
        variables[SYS_PREFIX] = str(activation.prefix)
    return Begun(on_overlay, activated._replace(variables=variables), lock)


def overlaid(
    variables: Mapping[str, str], folder: Path, prefix: Path, user_site: bool = False
) -> dict[str, str]:
    """Return an activated environment's variables with the overlay in `folder` in front of it."""
    environ = {name: value for name, value in variables.items() if name not in _INSTALLERS}
    environ["PATH"] = os.pathsep.join([str(folder / "bin"), environ.get("PATH", os.defpath)])
    if next(libraries(prefix), None):
        # an address in a configuration file of pip's that says otherwise counts less
        environ |= {"VIRTUAL_ENV": str(folder), "PIP_USER": "0", **constraints(folder)}
        # a pip that a cell imports takes a kernel for one without an overlay
        environ["PIP_REQUIRE_VIRTUALENV"] = "1"
        # Jupyter's programs look below sys.prefix, which is the overlay to what a cell starts
        for name, part in (("JUPYTER_PATH", "share/jupyter"), ("JUPYTER_CONFIG_PATH", "etc/jupyter")):
            both = (str(place / part) for place in (folder, prefix))
            environ[name] = os.pathsep.join(filter(None, (environ.get(name), *both)))
    if (prefix / R_LIBRARY).is_dir():
        library = str(folder / R_LIBRARY)
        environ["R_LIBS"] = os.pathsep.join(filter(None, (library, environ.get("R_LIBS"))))
        if not user_site:
            environ["R_LIBS_USER"] = library
    return environ


def _takes_packages(prefix: Path) -> bool:
    """Tell whether an environment has Python or R, which can have packages installed."""
    return next(libraries(prefix), None) is not None or (prefix / R_LIBRARY).is_dir()


def _on(folder: Path, prefix: Path, command: Sequence[str]) -> tuple[str, ...]:
    """Return a kernel's command with the overlay's Python in place of the environment's."""
    program = Path(command[0])
    mine = folder / "bin" / program.name
    is_python = program.parent == prefix / "bin" and _PYTHON.fullmatch(program.name)
    return (str(mine), *command[1:]) if is_python and mine.exists() else tuple(command)
