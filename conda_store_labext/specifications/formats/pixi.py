"""pixi.toml: a workspace's packages; and Julia's Project.toml, whose packages Julia fetches itself."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import Draft
from ..notes import Kind
from ..poetry import requirement_lines
from ..source import Source, valid_name
from ..toml_text import parse_toml, table, texts
from ..writing import written

FEATURES = Kind("features", "Left out, because these features of pixi's are asked for by name")
SCRIPTS = Kind("scripts", "Left out, because conda-store runs no scripts of yours")
TARGETS = Kind("targets", "Left out, because these packages are for another platform")
TASKS = Kind("tasks", "conda-store has no tasks")
JULIA = Kind(
    "julia",
    'Julia\'s packages come when they are first used: run `import Pkg; Pkg.activate("."); Pkg.instantiate()`',
)
IJULIA = Kind("ijulia", 'Its kernel comes by `import Pkg; Pkg.add("IJulia")`, once, in a terminal')

# pixi installs all three, as long as the workspace itself is no package
_CONDA = ("dependencies", "host-dependencies", "build-dependencies")
_HANDLED = frozenset(
    (
        *(*_CONDA, "pypi-dependencies", "pypi-options", "activation", "target", "feature", "tasks"),
        *("workspace", "project", "$schema", "environments"),
    )
)


def read(source: Source) -> Conversion | None:
    """Read the default environment of a workspace of pixi's, or a project of Julia's."""
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    if name in ("Project.toml", "JuliaProject.toml"):
        return _julia(source)
    if name != "pixi.toml":
        return None
    content = parse_toml(source.text, name)
    workspace = table(content, "workspace") or table(content, "project")
    draft = Draft(source)
    draft.name = valid_name(workspace.get("name")) or ("environment" if draft.name == "pixi" else draft.name)
    for channel in workspace.get("channels") or []:
        draft.add_channel(str(channel.get("channel", "")) if isinstance(channel, dict) else str(channel))
    _add(draft, content, "")
    system = {"linux": ("linux", "unix"), "osx": ("osx", "unix"), "win": ("win",)}
    here = (draft.platform, *system.get(draft.platform.split("-")[0], ()))
    for target, tables in table(content, "target").items():
        if target in here and isinstance(tables, dict):
            _add(draft, tables, f" ({target})")
        else:
            for package in _packages(tables):
                draft.notes.add(TARGETS, f"{package} ({target})")
    for feature, tables in table(content, "feature").items():
        draft.notes.add(FEATURES, notes.group(feature, _packages(tables)))
    for task in table(content, "tasks"):
        draft.notes.add(TASKS, task)
    for key in sorted(content.keys() - _HANDLED):
        draft.notes.add(notes.KEY, notes.group(key, _packages(content[key])))
    if not draft.conda and not draft.pip:
        raise InvalidRequest("pixi.toml lists no dependencies; use an environment.yml.")
    if draft.pip:
        draft.settle_with_python()
    else:
        draft.settle()
    return written(draft)


def _packages(tables: Any) -> list[str]:
    """Return the names of all that a target or a feature adds, of its targets too."""
    if not isinstance(tables, dict):
        return []
    names = [name for key in tables if key.endswith("dependencies") for name in table(tables, key)]
    return [*names, *(name for target in table(tables, "target").values() for name in _packages(target))]


def _add(draft: Draft, tables: dict[str, Any], where: str) -> None:
    """Add the packages and variables of the workspace or of one of its targets."""
    for package, wanted in [pair for key in _CONDA for pair in table(tables, key).items()]:
        entry = wanted if isinstance(wanted, dict) else {"version": wanted}
        if "path" in entry or "git" in entry or "url" in entry:
            draft.notes.add(notes.FILE if "path" in entry else notes.ADDRESS, package)
            continue
        version = str(entry.get("version", "*")).strip()
        spec = package if version == "*" else f"{package} {_version(version)}"
        if isinstance(entry.get("build"), str):
            spec += f" {entry['build']}" if version != "*" else f" * {entry['build']}"
        channel = entry.get("channel")
        draft.add_conda(f"{channel}::{spec}" if isinstance(channel, str) else spec)
    for package, wanted in table(tables, "pypi-dependencies").items():
        for line in requirement_lines(package, wanted, draft):
            draft.add_pip(line)
    for variable, value in table(tables, "activation", "env").items():
        draft.add_variable(variable, str(value))
    for script in texts(table(tables, "activation").get("scripts")):
        draft.notes.add(SCRIPTS, f"{script}{where}")
    options = table(tables, "pypi-options")
    for key in "index-url", "extra-index-urls", "find-links":
        for address in [options.get(key)] if key == "index-url" else options.get(key) or ():
            if address:
                draft.notes.add(notes.INDEX, str(address))


def _version(text: str) -> str:
    # a bare version is exact to pixi as to conda; blanks would be read as a build
    return re.sub(r"\s+", "", text)


def _julia(source: Source) -> Conversion:
    content = parse_toml(source.text, "Project.toml")
    if not table(content, "deps") and not content.get("uuid"):
        raise InvalidRequest("The Project.toml is not one of Julia's; use an environment.yml.")
    draft = Draft(source)
    draft.name = valid_name(content.get("name")) or "environment"
    wanted = table(content, "compat").get("julia")
    matched = (
        re.fullmatch(r"[\^~=]?\s*(\d+(?:\.\d+){0,2})", wanted.strip()) if isinstance(wanted, str) else None
    )
    if wanted and not matched:
        draft.notes.add(notes.VERSION, f"julia {wanted}")
    if matched:
        numbers = matched[1].split(".")
        draft.add_conda(f"julia >={matched[1]},<{int(numbers[0]) + 1}")
    else:
        draft.add_conda("julia")
    draft.add_conda("python")
    for package in table(content, "deps"):
        draft.notes.add(JULIA, package)
    draft.notes.add(IJULIA)
    draft.settle()
    return written(draft)
