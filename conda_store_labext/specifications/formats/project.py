"""pyproject.toml: dependencies of a `[project]` (PEP 621) or of Poetry; its groups."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import Draft
from ..notes import Kind
from ..poetry import add_poetry
from ..source import Source, valid_name
from ..toml_text import parse_toml, table, texts
from ..uv_sources import add_requirements
from ..writing import written

FILENAME = "pyproject.toml"
COMPUTED = Kind(
    "computed", "The project's build computes its dependencies, which is not run here; these files say them"
)
ITSELF = Kind(
    "itself", "What it requires is installed, and it is not itself: the notebook finds it in its folder"
)


def read(source: Source) -> Conversion | None:
    """Read a project's dependencies; InvalidRequest for one that lists none."""
    if PurePosixPath(source.filename.replace("\\", "/")).name != FILENAME:
        return None
    content = parse_toml(source.text, FILENAME)
    draft = Draft(source)
    project = table(content, "project")
    poetry = table(content, "tool", "poetry")
    draft.name = valid_name(project.get("name")) or valid_name(poetry.get("name")) or draft.name
    if table(content, "tool", "pixi"):
        raise InvalidRequest(
            "This project is one of pixi's, which conda-store does not build from a pyproject.toml; "
            "use a pixi.toml or an environment.yml."
        )
    if project or table(content, "dependency-groups"):
        _add_project(draft, content, project)
    if poetry:
        add_poetry(draft, poetry)
    if not draft.pip and not draft.conda:
        raise InvalidRequest(
            f"{FILENAME} lists no dependencies; use a requirements.txt or an environment.yml."
        )
    draft.settle_with_python()
    return written(draft)


def _add_project(draft: Draft, content: dict[str, Any], project: dict[str, Any]) -> None:
    add_python(draft, project.get("requires-python"))
    uv = table(content, "tool", "uv")
    add_requirements(draft, texts(project.get("dependencies")), uv)
    computed = "dependencies" in texts(project.get("dynamic"))
    if computed:
        files = table(content, "tool", "setuptools", "dynamic", "dependencies").get("file")
        named = [files] if isinstance(files, str) else texts(files)
        if not named:
            raise InvalidRequest(
                f"The dependencies in {FILENAME} are computed by its build, which is not run here; "
                "use a requirements.txt or an environment.yml."
            )
        for name in named:
            draft.notes.add(COMPUTED, name)
    for extra, packages in table(project, "optional-dependencies").items():
        draft.notes.add(notes.OPTIONAL, notes.group(extra, texts(packages)))
    groups = table(content, "dependency-groups")
    if not draft.pip and not computed and len(groups) == 1:
        # a project that lists nothing but one group means that group
        add_group(draft, groups, next(iter(groups)))
    else:
        for name, packages in groups.items():
            draft.notes.add(notes.GROUPS, notes.group(name, texts(packages)))
    if texts(uv.get("dev-dependencies")):
        draft.notes.add(notes.GROUPS, notes.group("dev-dependencies", texts(uv["dev-dependencies"])))
    for tool, key in (("pdm", "dev-dependencies"), ("hatch", "envs")):
        for name, packages in table(content, "tool", tool, key).items():
            listed = packages.get("dependencies") if isinstance(packages, dict) else packages
            if texts(listed):
                draft.notes.add(notes.GROUPS, notes.group(name, texts(listed)))


def add_group(draft: Draft, groups: dict[str, Any], asked: str) -> None:
    """Add the lines of a dependency group (PEP 735) and of those that it includes."""
    normal: dict[str, str] = {}
    for name in groups:
        key = canonicalize_name(name)
        if key in normal:
            raise InvalidRequest(
                f"The dependency groups {normal[key]} and {name} are one name; rename one of them."
            )
        normal[key] = name
    _include(draft, groups, normal, asked, ())


def _include(
    draft: Draft, groups: dict[str, Any], normal: dict[str, str], asked: str, way: tuple[str, ...]
) -> None:
    name = normal.get(canonicalize_name(asked))
    if name is None:
        raise InvalidRequest(f"There is no dependency group {asked}; choose one of {', '.join(groups)}.")
    if name in way:
        raise InvalidRequest(
            f"The dependency groups {' and '.join((*way, name))} include each other; remove one of the lines."
        )
    for line in groups[name] if isinstance(groups[name], list) else ():
        if isinstance(line, str):
            draft.add_pip(line)
        elif isinstance(line, dict) and isinstance(line.get("include-group"), str):
            _include(draft, groups, normal, line["include-group"], (*way, name))


def add_python(draft: Draft, specifier: object) -> None:
    """Add Python as a `requires-python` asks for it."""
    if not isinstance(specifier, str) or not specifier.strip():
        return
    try:
        parts = sorted(map(str, SpecifierSet(specifier)))
    except InvalidSpecifier:
        draft.notes.add(notes.VERSION, f"python {specifier}")
        return
    draft.add_conda(f"python {','.join(parts)}")
