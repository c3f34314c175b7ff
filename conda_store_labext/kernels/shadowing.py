"""Files beside a notebook that take the place of modules that its kernel needs as it starts.

`python -m ipykernel_launcher` looks into the working folder first, and an old ipykernel goes on doing so.
Which files are in the way depends on its version, so that the kernel's own program is asked, and only where
a file has such a name.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import Conflict

LAUNCHER = "ipykernel_launcher"
WITHIN = 30.0  # seconds for the kernel's program to import what it needs
# what ipykernel imports besides the standard library
IMPORTED = frozenset(
    (
        *("IPython", "comm", "debugpy", "decorator", "executing", "ipykernel", "jedi", "jupyter_client"),
        *(LAUNCHER, "jupyter_core", "matplotlib_inline", "nest_asyncio", "packaging", "parso", "pexpect"),
        *("platformdirs", "prompt_toolkit", "psutil", "pygments", "stack_data", "tornado", "traitlets"),
        "zmq",
    )
)
_PLACE = re.compile(r'^\s*File "([^"\n]+)"', re.MULTILINE)


def require_unshadowed(command: Sequence[str], folder: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Raise Conflict with the file that keeps a kernel's command from starting in a folder.

    Costs a look at the folder's names; where one is a module's, the command is run without a kernel.
    """
    if not _suspects(folder) or not (asked := _without_kernel(command)):
        return
    try:
        done = subprocess.run(
            asked,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):  # the kernel's start says why
        return
    if done.returncode == 0:
        return
    own = [Path(place) for place in _PLACE.findall(done.stderr) if _is_beside(place, folder)]
    if own:
        name = own[-1].relative_to(folder) if own[-1].is_relative_to(folder) else own[-1].name
        raise Conflict(
            f"The kernel does not start in {folder}: {name} there takes the place of a module that it needs; "
            "rename that file, then start the kernel again."
        )


def _suspects(folder: Path) -> bool:
    """Tell whether a file or package of a folder has the name of a module that a kernel imports."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except OSError:
        return False
    return any(_is_module(folder / name) for name in names)


def _is_module(path: Path) -> bool:
    name = path.name.removesuffix(".py")
    if name not in IMPORTED and name not in sys.stdlib_module_names:
        return False
    return path.suffix == ".py" or (path / "__init__.py").is_file()


def _without_kernel(command: Sequence[str]) -> list[str] | None:
    """Return a kernel's command as one that imports the same and ends; None for another kind of kernel."""
    parts = [str(part) for part in command]
    for at in range(1, len(parts) - 1):
        if parts[at : at + 2] == ["-m", LAUNCHER]:
            programs = [place for place in range(at) if Path(parts[place]).name.startswith("python")]
            return [*parts[programs[-1] : at + 2], "--version"] if programs else None
    return None


def _is_beside(place: str, folder: Path) -> bool:
    path = Path(place)
    return path.is_absolute() and path.resolve().is_relative_to(folder.resolve()) and path.is_file()
