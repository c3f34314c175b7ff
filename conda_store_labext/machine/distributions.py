"""The packages pip and uv installed, by their records: which somebody asked for, and which came along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name

from ..store.files import read_small
from ..store.layout import children

MAX_RECORD = 4 * 1024 * 1024  # bytes
_HEADER = re.compile(r"(Name|Version|Requires-Dist):[ \t]*(.*)")
_MODULE = re.compile(r"([A-Za-z_]\w*)(?:/[^,]*)?\.(?:py|so),")
_EXTENSION = re.compile(r"([A-Za-z_]\w*)\.[\w.-]+\.so,")
_REQUIRED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Distribution:
    """A `.dist-info` folder; `requires` are the names that it needs without any extra."""

    name: str
    version: str
    requires: frozenset[str]
    folder: Path

    @property
    def key(self) -> str:
        """Its name as an index compares it."""
        return canonicalize_name(self.name)

    @property
    def source(self) -> str:
        """The address that it was installed from, without any password; empty for an index."""
        try:
            record = json.loads(read_small(self.folder / "direct_url.json", MAX_RECORD))
            url = urlsplit(record["url"])
            bare = url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
            vcs = record.get("vcs_info")
            return f"{vcs['vcs']}+{bare}@{vcs['commit_id']}" if vcs else bare
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return ""

    @property
    def modules(self) -> tuple[str, ...]:
        """The names at the top by which what is in it is imported, as its RECORD has them."""
        try:
            text = read_small(self.folder / "RECORD", MAX_RECORD).decode("utf-8", "replace")
        except OSError:
            return ()
        lines = text.splitlines()
        names = {match[1] for line in lines if (match := _MODULE.match(line) or _EXTENSION.match(line))}
        return tuple(sorted(names))

    @property
    def installer(self) -> str:
        """Name of the program that installed it, e.g. pip, uv or conda; empty if unknown."""
        with suppress(OSError):
            return read_small(self.folder / "INSTALLER", 100).decode("utf-8", "replace").strip()
        return ""


def distributions(site: Path) -> Iterator[Distribution]:
    """Yield what lies in a folder of packages; what cannot be read is left out."""
    for folder in children(site):
        if not folder.name.endswith(".dist-info"):
            continue
        try:
            text = read_small(folder / "METADATA", MAX_RECORD).decode("utf-8", "replace")
        except OSError:
            continue
        lines = text.partition("\n\n")[0].splitlines()
        headers = [match.groups() for line in lines if (match := _HEADER.match(line))]
        fields = {name: value.strip() for name, value in reversed(headers)}
        needs = [value for name, value in headers if name == "Requires-Dist" and "extra ==" not in value]
        names = (match[0] for value in needs if (match := _REQUIRED.match(value)))
        if fields.get("Name") and fields.get("Version"):
            requires = frozenset(map(canonicalize_name, names))
            yield Distribution(fields["Name"], fields["Version"], requires, folder)


def requested(installed: Iterable[Distribution]) -> frozenset[str]:
    """Return the names (as an index compares them) that somebody asked for among all of a folder."""
    every = tuple(installed)
    needed = {name for distribution in every for name in distribution.requires}
    # uv marks everything as requested
    return frozenset(
        distribution.key
        for distribution in every
        if (distribution.folder / "REQUESTED").exists()
        and not (distribution.installer == "uv" and distribution.key in needed)
    )
