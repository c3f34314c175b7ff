"""The environment that new notebooks of a folder start on, as a `.conda-store.yml` there or above says.

environment: default/data        # the active build; default/data:12 for that very build
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from ..errors import InvalidRequest, NotFound
from ..errors.os_errors import os_errors_explained
from ..models.reference import Reference
from ..store.files import replace_text

FILE = ".conda-store.yml"
MAX_SIZE = 64 * 1024  # bytes


@dataclass(frozen=True)
class FolderDefault:
    """A folder's environment; `path` is the file that says so, from the root folder, null where none does."""

    path: str | None
    namespace: str | None
    environment: str | None
    build_id: int | None


def folder_default(root: Path, folder: str) -> FolderDefault:
    """Return what the nearest file says, from `folder` (with `/`, below `root`) upwards to `root`.

    Raises NotFound for a folder outside of the root, InvalidRequest for a file that cannot be understood.
    """
    top = root.resolve()
    parts = below(top, folder).relative_to(top).parts
    for depth in range(len(parts), -1, -1):
        file = top.joinpath(*parts[:depth], FILE)
        # a link that leads out of the root is not followed
        if file.is_file() and file.resolve().is_relative_to(top):
            path = str(PurePosixPath(*parts[:depth], FILE))
            reference = _parse(file, path)
            return FolderDefault(path, reference.namespace, reference.environment, reference.build_id)
    return FolderDefault(None, None, None, None)


def below(root: Path, path: str) -> Path:
    """Return where a path (with `/`, below the resolved `root`) is; NotFound when it leads out of that."""
    parts = PurePosixPath(path.strip("/")).parts
    if ".." in parts or "\0" in path or not root.joinpath(*parts).resolve().is_relative_to(root):
        raise NotFound(f"There is no {path!r} here; choose a path below the root folder.")
    return root.joinpath(*parts)


def write_default(folder: Path, environment: Reference) -> Path:
    """Have new notebooks of a folder start on an environment from now on; return the file that says so."""
    file = folder / FILE
    with os_errors_explained(folder):
        replace_text(file, f"environment: {environment}\n")
    return file


def parse_default(text: bytes, path: str) -> Reference:
    """Return the environment that a file's text names; InvalidRequest, naming its `path`, if none."""
    try:
        content = yaml.safe_load(text) if len(text) <= MAX_SIZE else None
    except (ValueError, yaml.YAMLError, RecursionError):
        content = None
    if (
        isinstance(content, dict)
        and set(content) == {"environment"}
        and isinstance(content["environment"], str)
    ):
        try:
            return Reference.parse(content["environment"])
        except InvalidRequest:
            pass
    raise InvalidRequest(
        f"{path} is not valid; it must have one line, `environment: namespace/name` or "
        "`environment: namespace/name:build`."
    )


def _parse(file: Path, path: str) -> Reference:
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_SIZE + 1)
    except OSError:
        text = b""
    return parse_default(text, path)
