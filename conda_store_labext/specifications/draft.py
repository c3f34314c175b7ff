"""A specification in the making: readers of files add lines to it, and it settles what they mean together."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from . import markers, notes
from .addresses import has_credentials
from .buildable import key_of_condition
from .matchspecs import InvalidMatchSpec, MatchSpec, read_match_spec
from .notes import Notes
from .requirement_lines import logical_lines
from .requirements import read_requirement
from .source import Source

CHANNEL = "conda-forge"
# conda-store hands this one on to conda-lock
_HEEDED_VARIABLE = "CONDA_OVERRIDE_CUDA"


@dataclass(frozen=True)
class Entry:
    """A line of the specification, and where in the file it comes from: any key that the reader can use."""

    text: str
    origin: int = -1


class Draft:
    """The contents of a file in the terms of a specification; `notes` has all the rest of it.

    Readers call the methods `add_...` in the order of the file, then `settle` once.
    """

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.platform = source.platform
        self.channels: list[Entry] = []
        self.conda: list[Entry] = []
        self.pip: list[Entry] = []
        self.variables: dict[str, str] = {}
        self.description = ""
        self.notes = Notes()

    def add_channel(self, text: str, origin: int = -1) -> None:
        """Add a channel by its name or address."""
        if has_credentials(text):
            self.notes.add(notes.CREDENTIALS, text)
        elif "${" in text:
            self.notes.add(notes.VARIABLE, text)
        elif re.match(r"file:|[./~]|[A-Za-z]:\\", text):
            self.notes.add(notes.FILE, text)
        else:
            self.channels.append(Entry(text, origin))

    def add_conda(self, text: str, origin: int = -1) -> None:
        """Add a package by conda's match specification."""
        try:
            spec = read_match_spec(text)
        except InvalidMatchSpec:
            self.notes.add(notes.CREDENTIALS if has_credentials(text) else notes.NOT_CONDA, text)
            return
        if has_credentials(text):
            self.notes.add(notes.CREDENTIALS, text)
        elif re.match(r"file:|[./~]", spec.channel):
            self.notes.add(notes.FILE, text)
        else:
            # a comment within the text is none to conda-lock, see `buildable`
            self.conda.append(Entry(re.sub(r"\s+#.*", "", text), origin))

    def add_pip(self, text: str, origin: int = -1) -> None:
        """Add what pip is to install: a line of a requirements file, with its options and comment."""
        for line in logical_lines(text):
            requirement = read_requirement(line, self.notes)
            if requirement is not None:
                self.pip.append(Entry(requirement, origin))

    def add_variable(self, name: str, value: str) -> None:
        """Add an environment variable."""
        self.variables[name] = value

    def settle(self) -> None:
        """Decide what depends on other lines: conditions, repeated names, pip's version, the channel."""
        versions = markers.pythons(entry.text for entry in self.conda)
        self.pip = [entry for entry in self.pip if self._may_hold(entry, versions)]
        self.pip = _merged(self.pip, _pip_key, lambda group: self._one_requirement(group, versions[-1]))
        # conda-lock takes `#...[...]` in what it is given for a condition of conda-build's
        self.pip.sort(key=lambda entry: "#" in entry.text)
        self.conda = _merged(self.conda, _conda_key, self._one_spec)
        for entry in self.conda if self.pip else ():
            spec = read_match_spec(entry.text)
            if spec.name == "pip" and (spec.version or spec.build):
                self.notes.add(notes.PIP_PIN, entry.text)
        if not self.channels:
            self.channels = [Entry(CHANNEL)]
            self.notes.add(notes.default_channel(CHANNEL))
        self._drop_conditions()
        for name in sorted(self.variables.keys() - {_HEEDED_VARIABLE}):
            self.notes.add(notes.VARIABLES, name)

    def settle_with_python(self) -> None:
        """Settle a draft that lists nothing for conda: Python and pip come from there."""
        listed = {_conda_key(entry) for entry in self.conda}
        self.conda = [*(Entry(name) for name in ("python", "pip") if name not in listed), *self.conda]
        self.channels = self.channels or [Entry(CHANNEL)]
        self.settle()

    def content(self) -> dict[str, Any]:
        """Return what a settled draft says, as a specification's keys."""
        pip = [entry.text for entry in self.pip]
        content: dict[str, Any] = {
            "name": self.name,
            "description": self.description,
            "channels": [entry.text for entry in self.channels],
            "dependencies": [*(entry.text for entry in self.conda), *([{"pip": pip}] if pip else [])],
            "variables": dict(self.variables),
        }
        return {key: value for key, value in content.items() if value}

    def _drop_conditions(self) -> None:
        """Leave out the description and variables that conda-lock would take for a condition."""
        while (key := key_of_condition(self.content())) in ("description", "variables"):
            if key == "description":
                self.notes.add(notes.CONDITION, f"description: {self.description}")
                self.description = ""
            else:
                name = next(name for name, value in reversed(self.variables.items()) if "[" in name + value)
                value = self.variables.pop(name)
                self.notes.add(notes.CONDITION, f"{name}: {value}")

    def _may_hold(self, entry: Entry, versions: tuple[str, ...]) -> bool:
        """Tell whether a requirement's condition may hold; notes say what nobody else heeds of it."""
        marker = Requirement(entry.text).marker
        if marker is None or markers.is_heeded(marker):
            return True
        if any(markers.holds(marker, version, self.platform) for version in versions):
            self.notes.add(notes.MARKER, entry.text)
            return True
        elsewhere = markers.holds_somewhere(marker, versions)
        self.notes.add(notes.PLATFORM if elsewhere else notes.MARKER_NEVER, entry.text)
        return False

    def _one_requirement(self, group: list[Entry], python: str) -> list[Entry]:
        """Return what is kept of several lines for one package of pip's."""
        here, rest = [], []
        for entry in group:
            marker = Requirement(entry.text).marker
            if marker is None or markers.holds(marker, python, self.platform):
                here.append(entry)
            elif markers.is_heeded(marker):
                rest.append(entry)
            else:
                self.notes.add(notes.MARKER_OTHER, entry.text)
        if not here:
            here = [entry for entry in group if entry not in rest][-1:]
        if len(here) < 2:
            return [entry for entry in group if entry in here or entry in rest]
        texts = list(dict.fromkeys(entry.text for entry in here))
        joined = _joined_requirement([Requirement(text) for text in texts])
        kept = replace(here[-1], text=joined) if joined else here[-1]
        for text in texts if len(texts) > 1 and joined else texts if len(texts) == 1 else texts[:-1]:
            self.notes.add(notes.JOINED if joined and len(texts) > 1 else notes.REPEATED, text)
        return [*rest, kept]

    def _one_spec(self, group: list[Entry]) -> list[Entry]:
        """Return what is kept of several lines for one package of conda's."""
        texts = list(dict.fromkeys(entry.text for entry in group))
        specs = [read_match_spec(text) for text in texts]
        joined = _joined_spec(specs)
        if joined and len(texts) > 1:
            for text in texts:
                self.notes.add(notes.JOINED, text)
            return [replace(group[-1], text=joined)]
        for text in texts[:-1] or texts:
            self.notes.add(notes.REPEATED, text)
        return [group[-1]]


def _merged(
    entries: list[Entry], key: Callable[[Entry], str], merge: Callable[[list[Entry]], list[Entry]]
) -> list[Entry]:
    """Return the entries with each group of equal keys, of two or more, replaced by what is kept of it."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    kept = {entry for group in groups.values() for entry in (merge(group) if len(group) > 1 else group)}
    # a joined entry stands where its last line stood, and so do equal ones
    places = {entry.origin: entry for entry in kept if entry not in entries}
    result: dict[Entry, None] = {}
    for entry in entries:
        chosen = entry if entry in kept else places.get(entry.origin)
        if chosen is not None:
            result.pop(chosen, None)
            result[chosen] = None
    return list(result)


def _pip_key(entry: Entry) -> str:
    return canonicalize_name(Requirement(entry.text).name)


def _conda_key(entry: Entry) -> str:
    return read_match_spec(entry.text).name


def _joined_requirement(requirements: list[Requirement]) -> str | None:
    """Return one line for all of these; None where they cannot hold at once or stand at addresses."""
    first = requirements[0]
    if any(each.url or each.marker != first.marker for each in requirements):
        return None
    for each in requirements:
        pins = [part.version for part in each.specifier if part.operator == "==" and "*" not in part.version]
        if any(not other.specifier.contains(pin, prereleases=True) for pin in pins for other in requirements):
            return None
    extras = sorted({extra for each in requirements for extra in each.extras})
    specifier = ",".join(dict.fromkeys(str(part) for each in requirements for part in each.specifier))
    marker = f"; {first.marker}" if first.marker else ""
    named = f"{first.name}[{','.join(extras)}]" if extras else first.name
    return str(Requirement(f"{named}{specifier}{marker}"))


def _joined_spec(specs: list[MatchSpec]) -> str | None:
    """Return one match specification for all of these; None where more than versions would be joined."""
    if not all(spec.only_version and "|" not in spec.version for spec in specs):
        return None
    versions: list[str] = []
    for spec in specs:
        for term in spec.version.split(",") if spec.version else ():
            exact = re.fullmatch(r"=?([^=<>!~*]+)", term)
            versions.append(f"{exact[1]}.*" if exact and term[0] == "=" else f"=={term}" if exact else term)
    return f"{specs[0].name} {','.join(dict.fromkeys(versions))}" if versions else specs[0].name
