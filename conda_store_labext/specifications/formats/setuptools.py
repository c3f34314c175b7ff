"""setup.cfg and setup.py: what stands there literally; nothing is run."""

from __future__ import annotations

import ast
import configparser
from pathlib import PurePosixPath

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import Draft
from ..requirements import name_and_pin
from ..source import Source, valid_name
from ..writing import written
from .project import add_python

COMPUTED = "; that file is not run here: use a requirements.txt or an environment.yml."


def read(source: Source) -> Conversion | None:
    """Read `install_requires` and `python_requires`."""
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    if name == "setup.cfg":
        return _setup_cfg(source)
    return _setup_py(source) if name == "setup.py" else None


def _setup_cfg(source: Source) -> Conversion:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(source.text)
    except configparser.Error:
        raise InvalidRequest("setup.cfg cannot be read as what it is; correct it.") from None
    draft = Draft(source)
    draft.name = valid_name(parser.get("metadata", "name", fallback="")) or draft.name
    listed = parser.get("options", "install_requires", fallback="")
    if listed.strip().startswith("file:"):
        raise InvalidRequest("setup.cfg names another file for its requirements; use that file.")
    add_python(draft, parser.get("options", "python_requires", fallback=""))
    for line in _items(listed):
        draft.add_pip(line)
    extras = "options.extras_require"
    for extra in parser.options(extras) if parser.has_section(extras) else ():
        draft.notes.add(notes.OPTIONAL, notes.group(extra, _items(parser.get(extras, extra))))
    return _written(draft, "setup.cfg lists no install_requires")


def _items(listed: str) -> list[str]:
    """Return a list's items, which setuptools has on lines of their own or between semicolons."""
    text = listed.strip()
    is_requirement = "\n" not in text and bool(name_and_pin(text)[0])
    items = text.splitlines() if "\n" in text else [text] if is_requirement else text.split(";")
    return [item.strip() for item in items if item.strip()]


def _setup_py(source: Source) -> Conversion:
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InvalidRequest(f"setup.py is not written in a current version of Python{COMPUTED}") from None
    assigned: dict[str, ast.expr] = {}
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            # what is assigned twice is computed
            assigned[name] = node.value if name not in names else ast.Name("computed", ast.Load())
            names.add(name)
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)) and isinstance(node.target, ast.Name):
            assigned.pop(node.target.id, None)
    call = next(
        (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)), None
    )
    if call is None:
        raise InvalidRequest(f"setup.py calls no setup(){COMPUTED}")
    given = {word.arg: word.value for word in call.keywords if word.arg}
    draft = Draft(source)
    draft.name = valid_name(_literal(given.get("name"), assigned)) or draft.name
    add_python(draft, _literal(given.get("python_requires"), assigned))
    if "install_requires" not in given:
        raise InvalidRequest(f"setup.py lists no install_requires{COMPUTED}")
    listed = _literal(given["install_requires"], assigned)
    lines = listed.splitlines() if isinstance(listed, str) else listed
    if not isinstance(lines, (list, tuple)) or not all(isinstance(line, str) for line in lines):
        raise InvalidRequest(f"setup.py computes its install_requires{COMPUTED}")
    for line in lines:
        draft.add_pip(line)
    extras = _literal(given.get("extras_require"), assigned)
    for extra, packages in extras.items() if isinstance(extras, dict) else ():
        lines = [packages] if isinstance(packages, str) else packages
        draft.notes.add(
            notes.OPTIONAL, notes.group(str(extra), lines if isinstance(lines, (list, tuple)) else ())
        )
    return _written(draft, "setup.py lists nothing in install_requires")


def _written(draft: Draft, none: str) -> Conversion:
    if not draft.pip:
        raise InvalidRequest(f"{none}; use a requirements.txt or an environment.yml.")
    draft.settle_with_python()
    return written(draft)


def _is_setup(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "setup"
    return isinstance(function, ast.Name) and function.id == "setup"


def _literal(node: ast.expr | None, assigned: dict[str, ast.expr]) -> object:
    if isinstance(node, ast.Name):
        node = assigned.get(node.id)
    try:
        return None if node is None else ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
