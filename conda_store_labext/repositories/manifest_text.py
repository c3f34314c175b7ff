"""The text of a manifest, with the files of the repository that it names in their place."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from ..errors import CondaStoreLabError
from ..specifications.convert import convert
from ..specifications.text import parse_specification, parse_yaml, requirements_of, specification_text
from ..specifications.toml_text import parse_toml, table
from .files import Files, text_of
from .included import Included, included


def manifest_text(files: Files, path: str) -> tuple[str, list[str]]:
    """Return a manifest's text with the files in it that it names, and notes on those."""
    name = PurePosixPath(path).name
    text = code_of(files, path) if name.endswith(".ipynb") else text_of(files, path)
    if name.endswith(".txt") and name != "runtime.txt":
        read = included(files, path, text, lambda folder: _own_requirements(files, folder))
        return "\n".join(read.requirements()) + "\n", read.notes
    if name in ("environment.yml", "environment.yaml"):
        return _with_pip_files(files, path, text)
    if name == "pyproject.toml":
        return _with_dynamic_files(files, path, text)
    return text, []


def _with_dynamic_files(files: Files, path: str, text: str) -> tuple[str, list[str]]:
    """Return a pyproject.toml with the files in it that setuptools would read its dependencies from."""
    content = parse_toml(text, path)
    listed = table(content, "tool", "setuptools", "dynamic", "dependencies").get("file")
    project = table(content, "project")
    if not listed or "dependencies" not in (project.get("dynamic") or []):
        return text, []
    read = Included()
    for named in [listed] if isinstance(listed, str) else listed:
        other = included(files, path, f"-r {named}")
        read.lines += other.requirements()
        read.notes += other.notes
    lines = "".join(f"  {json.dumps(line)},\n" for line in read.lines if line.split("#")[0].strip())
    python = (
        f"requires-python = {json.dumps(project['requires-python'])}\n"
        if "requires-python" in project
        else ""
    )
    name = f"name = {json.dumps(project['name'])}\n" if "name" in project else ""
    return f"[project]\n{name}{python}dependencies = [\n{lines}]\n", read.notes


def _with_pip_files(files: Files, path: str, text: str) -> tuple[str, list[str]]:
    """Return an environment.yml whose `pip:` section names no files any more; as it is where it never did."""
    parsed = parse_yaml(text, "file")
    sections = [
        part for part in parsed.get("dependencies") or [] if isinstance(part, dict) and set(part) == {"pip"}
    ]
    lines = [str(line) for part in sections for line in part["pip"] or []]
    read = included(files, path, "\n".join(lines), lambda folder: _own_requirements(files, folder))
    if read.requirements() == lines:
        return text, []
    wanted = [line for line in read.requirements() if line.strip()]
    conda: list[Any] = [part for part in parsed["dependencies"] if part not in sections]
    return (
        specification_text({**parsed, "dependencies": [*conda, {"pip": wanted}] if wanted else conda}),
        read.notes,
    )


def _own_requirements(files: Files, folder: str) -> list[str] | None:
    """Return what the package in a folder of the repository requires, as lines of a requirements file."""
    paths = set(files.paths())
    for name in ("pyproject.toml", "setup.cfg", "setup.py"):
        path = joined(folder, name)
        if path in paths:
            try:
                conversion = convert(path, text_of(files, path))
                _, pip = requirements_of(parse_specification(conversion.specification))
            except CondaStoreLabError:
                continue
            return pip
    return None


def code_of(files: Files, notebook: str) -> str:
    """Return a notebook's code; empty where there is none."""
    try:
        content = json.loads(text_of(files, notebook))
        cells = [cell for cell in content["cells"] if cell.get("cell_type") == "code"]
        return "\n".join("".join(cell["source"]) for cell in cells)
    except (CondaStoreLabError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def joined(folder: str, name: str) -> str:
    """Return the path of a file in a folder, whose name is empty for the root."""
    return f"{folder}/{name}" if folder else name
