"""Environments that the files of a folder declare.

    envs/
        data.yml             an environment of the namespace that is given
        gpu.conda-lock.yml   a lockfile: exactly these packages, as environment `gpu`
        team/reports.yml     an environment of the namespace `team`

An environment has the name that its file gives, else the file's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import CondaStoreLabError, InvalidRequest
from ...specifications.commented import with_name
from ...specifications.convert import convert
from ...specifications.digest import digest
from ...specifications.text import parse_specification
from ...store.files import read_small

ENDINGS = (".yml", ".yaml")
LOCK = re.compile(r"[.-]?conda-lock$")
LARGEST = 64 * 1024 * 1024  # bytes of a file


@dataclass(frozen=True)
class Declared:
    """An environment that a file declares.

    `text` is its specification or lockfile, `notes` say what was left out of the file.
    """

    file: str
    namespace: str
    name: str
    text: str
    is_lockfile: bool
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of what it asks for."""
        return digest(self.text, self.is_lockfile)

    @property
    def description(self) -> str:
        """The description in the file; empty for none."""
        return "" if self.is_lockfile else str(parse_specification(self.text).get("description") or "")

    def __str__(self) -> str:
        """Return namespace and name."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Unusable:
    """A file or folder that declares nothing that could be built, and the sentence that says why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Folder:
    """Everything that a folder declares; with `unusable` files nobody knows all that it means to declare."""

    environments: tuple[Declared, ...]
    unusable: tuple[Unusable, ...]


def read_folder(folder: Path, namespace: str, platform: str) -> Folder:
    """Read a folder's files and those of the folders in it, which are namespaces.

    `namespace` is that of the folder's own files, `platform` conda's name of the server's. Raises
    InvalidRequest where the folder itself cannot be read.
    """
    read: list[Declared | Unusable] = []
    for path, place in _files(folder, namespace):
        if isinstance(place, Unusable):
            read.append(place)
            continue
        file = path.relative_to(folder).as_posix()
        try:
            read.append(_declared(path, file, place, platform))
        except CondaStoreLabError as error:
            read.append(Unusable(file, str(error)))
        except OSError as error:
            read.append(Unusable(file, f"It cannot be read: {error.strerror or error}."))
    return _distinct(read)


def _files(folder: Path, namespace: str) -> Iterator[tuple[Path, str | Unusable]]:
    """Yield the files that may declare an environment, each with its namespace."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InvalidRequest(
            f"{folder} cannot be read ({error.strerror}); name a folder with environment files."
        ) from None
    for path in entries:
        if path.name.startswith((".", "_")):
            continue
        if path.suffix in ENDINGS:
            yield path, namespace
        elif path.is_dir():
            try:
                inner = sorted(path.iterdir())
            except OSError as error:
                yield path, Unusable(path.name, f"It cannot be read: {error.strerror}.")
                continue
            for file in inner:
                if file.suffix in ENDINGS and not file.name.startswith((".", "_")):
                    yield file, path.name


def _declared(path: Path, file: str, namespace: str, platform: str) -> Declared:
    conversion = convert(path.name, read_small(path, LARGEST), platform)
    stem = LOCK.sub("", path.stem) or path.parent.name
    if conversion.is_lockfile:
        return Declared(file, namespace, stem, conversion.specification, True, conversion.notes)
    text = conversion.specification
    name = parse_specification(text)["name"]
    unnamed = [note for note in conversion.notes if note.startswith("The environment is named")]
    if unnamed:
        text, name = with_name(text, stem), stem
    notes = tuple(note for note in conversion.notes if note not in unnamed)
    return Declared(file, namespace, name, text, False, notes)


def _distinct(read: list[Declared | Unusable]) -> Folder:
    """Return what was read; of files that declare the same environment none counts."""
    environments = [each for each in read if isinstance(each, Declared)]
    unusable = [each for each in read if isinstance(each, Unusable)]
    counts = Counter(map(str, environments))
    for each in environments:
        if counts[str(each)] > 1:
            others = [other.file for other in environments if str(other) == str(each) and other is not each]
            unusable.append(
                Unusable(
                    each.file, f"It declares {each}, as {', '.join(others)} does; give one another name."
                )
            )
    return Folder(tuple(each for each in environments if counts[str(each)] == 1), tuple(unusable))
