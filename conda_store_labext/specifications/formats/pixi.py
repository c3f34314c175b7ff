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
from ..toml_text import parse_toml, table
from ..writing import written

FEATURES = Kind("features", "Left out, because these features of pixi's are asked for by name")
TARGETS = Kind("targets", "Left out, because these packages are for another platform")
TASKS = Kind("tasks", "conda-store has no tasks")
JULIA = Kind(
    "julia",
    'Julia\'s packages come when they are first used: run `import Pkg; Pkg.activate("."); Pkg.instantiate()`',
)
IJULIA = Kind("ijulia", 'Its kernel comes by `import Pkg; Pkg.add("IJulia")`, once, in a terminal')


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
    _add(draft, content)
    system = {"linux": ("linux", "unix"), "osx": ("osx", "unix"), "win": ("win",)}
    here = (draft.platform, *system.get(draft.platform.split("-")[0], ()))
    for target, tables in table(content, "target").items():
        if target in here and isinstance(tables, dict):
            _add(draft, tables)
        else:
            for package in table(content, "target", target, "dependencies"):
                draft.notes.add(TARGETS, f"{package} ({target})")
    for feature in table(content, "feature"):
        draft.notes.add(FEATURES, feature)
    for variable, value in table(content, "activation", "env").items():
        draft.add_variable(variable, str(value))
    if not draft.conda and not draft.pip:
        raise InvalidRequest("pixi.toml lists no dependencies; use an environment.yml.")
    if draft.pip:
        draft.settle_with_python()
    else:
        draft.settle()
    return written(draft)


def _add(draft: Draft, tables: dict[str, Any]) -> None:
    for package, wanted in table(tables, "dependencies").items():
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
    if matched:
        numbers = matched[1].split(".")
        draft.add_conda(f"julia >={matched[1]},<{int(numbers[0]) + 1}")
    else:
        draft.add_conda("julia")
    draft.add_conda("python")
    draft.notes.add(JULIA)
    draft.notes.add(IJULIA)
    draft.settle()
    return written(draft)
