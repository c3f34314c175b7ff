"""The project that a Julia kernel runs in: the nearest one above its notebook, whatever its kernelspec says.

Source: https://docs.julialang.org/en/v1/manual/code-loading/ and .../environment-variables/. The flag
`--project` beats JULIA_PROJECT, so that the kernelspec's own `--project=@.` gives way to the variable, which
a session may set otherwise. IJulia itself need not be in the project: Julia looks for it in the user's
default environment, too, and in what `JULIA_LOAD_PATH` adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PROJECTS = ("JuliaProject.toml", "Project.toml")  # the first that is there counts, as for Julia
MANIFEST = re.compile(r"(Julia)?Manifest(-v\d+\.\d+)?\.toml")
PROGRAM = re.compile(r"julia(-\d[\w.+-]*)?")
SEARCHING = ("--project", "--project=", "--project=@.")  # of the notebook's folder, or what is above it
DEPENDENCIES = re.compile(rb"^\[deps\]\s*\n\s*[\w\"]", re.MULTILINE)
MAX_DEPTH = 64  # folders upwards


class JuliaStart(NamedTuple):
    """A kernel's command and variables, and a sentence on what is missing in its project."""

    command: tuple[str, ...]
    variables: dict[str, str]
    problems: tuple[str, ...] = ()


def in_project(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> JuliaStart | None:
    """Return how a kernel in a notebook's folder starts in its project; None for what is not Julia's.

    A kernelspec that names a project itself, and a session that sets JULIA_PROJECT, are left as they are.
    """
    if not PROGRAM.fullmatch(Path(command[0]).name):
        return None
    searches = any(part in SEARCHING for part in command)
    named = not searches and any(part.startswith("--project=") for part in command)
    if named:
        return None
    project = _nearest(folder)
    kept = tuple(part for part in command if part not in SEARCHING)
    if variables.get("JULIA_PROJECT"):
        return JuliaStart(kept, dict(variables))
    if project is None:
        return None
    return JuliaStart(kept, {**variables, "JULIA_PROJECT": str(project)}, tuple(_missing(project)))


def _nearest(folder: Path) -> Path | None:
    """Return the nearest folder with a project, up to the root of the repository that the notebook is in."""
    start = folder.absolute()
    for above in (start, *start.parents)[:MAX_DEPTH]:
        if any((above / name).is_file() for name in PROJECTS):
            return above
        if (above / ".git").exists():
            return None
    return None


def _missing(project: Path) -> Iterator[str]:
    try:
        file = next(project / name for name in PROJECTS if (project / name).is_file())
        depends = DEPENDENCIES.search(file.read_bytes())
        instantiated = any(MANIFEST.fullmatch(path.name) for path in project.iterdir())
    except (OSError, StopIteration):
        return
    if depends and not instantiated:
        yield (
            f"The packages of the Julia project in {project} are not installed; run "
            "`using Pkg; Pkg.instantiate()` in the notebook's first cell."
        )
