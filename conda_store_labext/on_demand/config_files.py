"""Values that Jupyter's configuration files give an option, in every folder that Jupyter looks into.

Source: traitlets loads the folders of `jupyter --paths` from the last to the first, in each the `.py` before
the `.json`; a Jupyter application loads `jupyter_config` before the file of its own. notebook_shim, which
JupyterLab and Notebook use, moves what `NotebookApp` says to `ServerApp` afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from traitlets.config.loader import Config, PyFileConfigLoader


@dataclass(frozen=True)
class ConfiguredValue:
    """An option's value (a class by its dotted name), and the file and section that say so."""

    file: Path
    section: str
    value: Any


def configured(
    name: str, places: Iterable[tuple[str, str]], *, scripts: bool = True
) -> list[ConfiguredValue]:
    """Return what is said of the option `name`, the value that counts last.

    `places` are names of files without their ending, and sections in them, the stronger ones later. Without
    `scripts` the `.py` files, which would have to be run, are left out.
    """
    return [
        ConfiguredValue(file, section, value)
        for base, section in places
        for file, content in _files(base, jupyter_config_path(), scripts)
        if isinstance(content.get(section), dict)
        and (value := _dotted(content[section].get(name))) is not None
    ]


def section(name: str, bases: Iterable[str]) -> Config:
    """Return what files of these names (without ending) say in a section, merged as Jupyter does it."""
    merged = Config()
    for base in bases:
        for _, content in _files(base, jupyter_config_path(), scripts=True):
            if isinstance(content.get(name), dict):
                merged.merge(Config({name: content[name]}))
    return Config(merged[name])


def moves_notebook_options() -> bool:
    """Tell whether JupyterLab moves options of `NotebookApp` to the Jupyter server here."""
    return find_spec("notebook_shim") is not None


def _files(base: str, folders: Sequence[str], scripts: bool) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the files of that name with what they hold; as in Jupyter, what cannot be read is left out."""
    for folder in map(Path, reversed(folders)):
        script, settings = folder / f"{base}.py", folder / f"{base}.json"
        if scripts and script.is_file():
            with suppress(Exception):  # whatever a script raises
                yield script, dict(PyFileConfigLoader(script.name, path=str(folder)).load_config())
        try:
            content = json.loads(settings.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, dict):
            yield settings, content


def _dotted(value: Any) -> Any:
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else value
