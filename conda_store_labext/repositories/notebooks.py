"""The notebook of a repository that is opened: which one it is, what it says of its kernel and its build."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..kernels.names import METADATA
from ..notebooks.record import NotebookRecord
from .files import Files, text_of

SUFFIX = ".ipynb"
FIRST = "index.ipynb"
MOST_NAMED = 10  # notebooks that a sentence names


@dataclass(frozen=True)
class Opened:
    """The notebook or other file that is shown, by its `path` from the root, or a folder (empty: the root).

    `language` is the notebook's, in lower case, and `record` the build that it ran on.
    """

    path: str
    is_notebook: bool
    language: str | None = None
    record: NotebookRecord | None = None

    @property
    def folder(self) -> str:
        """The folder that it lies in, from the root."""
        parent = str(PurePosixPath(self.path).parent) if self.path else ""
        return "" if parent == "." else parent


def choose_opened(files: Files, asked: str | None) -> Opened:
    """Return what is `asked` for, else index.ipynb, the only notebook, or the folder with the README.

    Raises NotFound with the notebooks that there are.
    """
    paths = files.paths()
    notebooks = [path for path in paths if path.endswith(SUFFIX)]
    if asked is not None:
        path = str(PurePosixPath(asked.strip("/"))) if asked.strip("/") else ""
        path = "" if path == "." else path
        if ".." in PurePosixPath(path).parts or "\0" in path:
            raise InvalidRequest(f"{asked!r} leads out of the repository; name a file of it.")
        if path in files.links():
            raise InvalidRequest(f"{path} is a link, which is not followed; name the file itself.")
        if path in paths:
            return _opened(files, path)
        if path == "" or any(other.startswith(f"{path}/") for other in paths):
            return Opened(path, False)
        listed = ", ".join(notebooks[:MOST_NAMED]) or "none"
        raise NotFound(f"The repository has no file {path}; its notebooks are {listed}.")
    if FIRST in notebooks:
        return _opened(files, FIRST)
    if len(notebooks) == 1:
        return _opened(files, notebooks[0])
    readmes = [path for path in paths if PurePosixPath(path).stem.lower() == "readme"]
    nearest = min(readmes, key=lambda path: (path.count("/"), path), default="")
    parent = str(PurePosixPath(nearest).parent) if nearest else ""
    return Opened("" if parent == "." else parent, False)


def alike_but_for_case(paths: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of paths that a disk without upper and lower case cannot hold both."""
    first: dict[str, str] = {}
    pairs = []
    for path in paths:
        other = first.setdefault(path.casefold(), path)
        if other != path:
            pairs.append((other, path))
    return tuple(pairs)


def _opened(files: Files, path: str) -> Opened:
    if not path.endswith(SUFFIX):
        return Opened(path, False)
    metadata: dict[str, Any] = {}
    try:
        content = json.loads(text_of(files, path))
        metadata = content["metadata"] if isinstance(content["metadata"], dict) else {}
    except (CondaStoreLabError, ValueError, LookupError, TypeError):
        pass
    language = None
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        if isinstance(metadata.get(key), dict) and isinstance(metadata[key].get(name), str):
            language = language or metadata[key][name].lower()
    record = None
    if METADATA in metadata:
        try:
            record = NotebookRecord.of(metadata[METADATA])
        except InvalidRequest:
            record = None
    return Opened(path, True, language, record)
