"""Pipfile and Pipfile.lock of Pipenv."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import Draft
from ..notes import Kind
from ..poetry import add_sources, requirement_lines
from ..source import Source
from ..toml_text import parse_toml, table
from ..writing import written

DEVELOPMENT = Kind("development", "Left out, because these packages are for development alone")
# the tables that are no category of packages
_OTHERS = (
    "source",
    "packages",
    "dev-packages",
    "requires",
    "scripts",
    "pipenv",
    "_meta",
    "default",
    "develop",
)


def read(source: Source) -> Conversion | None:
    """Read the packages for running; the lock's versions where it is the lock."""
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    if name not in ("Pipfile", "Pipfile.lock"):
        return None
    if name == "Pipfile":
        content = parse_toml(source.text, name)
        packages, development, requires = (
            table(content, key) for key in ("packages", "dev-packages", "requires")
        )
        sources = content.get("source")
    else:
        try:
            content = json.loads(source.text)
        except (ValueError, RecursionError):
            raise InvalidRequest(f"{name} is not valid JSON; lock again with Pipenv.") from None
        packages, development = table(content, "default"), table(content, "develop")
        requires = table(content, "_meta", "requires")
        sources = table(content, "_meta").get("sources")
    draft = Draft(source)
    if draft.name == "Pipfile":
        draft.name = "environment"
    version = requires.get("python_full_version") or requires.get("python_version")
    if isinstance(version, str):
        draft.add_conda(f"python {version}.*" if version.count(".") < 2 else f"python {version}")
    for package, wanted in packages.items():
        for line in requirement_lines(package, wanted, draft):
            draft.add_pip(line)
    for package in development:
        draft.notes.add(DEVELOPMENT, package)
    for category in content:
        if category not in _OTHERS and table(content, category):
            draft.notes.add(notes.GROUPS, notes.group(category, table(content, category)))
    add_sources(draft, sources)
    if not draft.pip:
        raise InvalidRequest(f"{name} lists no packages; use a requirements.txt or an environment.yml.")
    draft.settle_with_python()
    return written(draft)
