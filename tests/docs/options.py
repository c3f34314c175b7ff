"""Tables of options for docs/configuration.md: the server's from its traits, the user's from the schema."""

from __future__ import annotations

import json
import re
from pathlib import Path

from traitlets import TraitType
from traitlets.traitlets import DefaultHandler

from conda_store_labext.extension.app import CondaStoreApp

SCHEMA = Path(__file__).parents[2] / "schema" / "plugin.json"
VARIABLE = re.compile(r"CONDA_STORE_[A-Z_]+")


def traits() -> dict[str, TraitType]:  # type: ignore[type-arg]
    """Return the options that this package adds to every extension's, in the order of their definition."""
    own = CondaStoreApp.class_traits(config=True)
    defined = (name for part in _own_classes() for name in vars(part))
    return {name: own[name] for name in dict.fromkeys(defined) if name in own}


def _own_classes() -> list[type]:
    return [part for part in CondaStoreApp.__mro__ if part.__module__.startswith("conda_store_labext")]


def traits_table(names: list[str]) -> str:
    """Return the rows of some options: name, default, variable and the help's own words."""
    lines = ["| option | default | variable | meaning |", "| --- | --- | --- | --- |"]
    for name in names:
        trait = traits()[name]
        variables = ", ".join(f"`{variable}`" for variable in dict.fromkeys(VARIABLE.findall(trait.help)))
        lines.append(f"| `{name}` | {_default(trait)} | {variables} | {_meaning(trait)} |")
    return "\n".join(lines) + "\n"


def settings_table() -> str:
    """Return the rows of the settings in JupyterLab's editor for them."""
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, entry in json.loads(SCHEMA.read_text("utf-8"))["properties"].items():
        default = json.dumps(entry["default"])
        lines.append(f"| `{name}` | `{default}` | {_cell(entry['description'])} |")
    return "\n".join(lines) + "\n"


def _default(trait: TraitType) -> str:  # type: ignore[type-arg]
    """Return a default as it is written in a configuration file; nothing for one that a variable gives."""
    handlers = (member for part in _own_classes() for member in vars(part).values())
    computed = {handler.trait_name for handler in handlers if isinstance(handler, DefaultHandler)}
    value = None if trait.name in computed else trait.default()
    return f"`{value!r}`" if value not in (None, "", [], {}) else ""


def _meaning(trait: TraitType) -> str:  # type: ignore[type-arg]
    """Return the help without the sentence that only names the variable, which has a column of its own."""
    return _cell(re.sub(r" From CONDA_STORE_[A-Z_]+\.", "", trait.help))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
