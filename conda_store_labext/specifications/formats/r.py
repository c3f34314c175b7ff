"""R: a package's DESCRIPTION, renv.lock, and the first line of a runtime.txt (Python's form, too)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import PurePosixPath

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import CHANNEL, Draft, Entry
from ..notes import Kind
from ..source import Source, valid_name
from ..toml_text import table
from ..writing import written

# what comes with R itself
BASE = frozenset(
    (
        *("base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines"),
        *("stats", "stats4", "tcltk", "tools", "utils"),
    )
)
REMOTES = Kind("remotes", "Left out, because it comes from a repository of its own and not from a channel")
SUGGESTED = Kind("suggested", "Left out, because the package only suggests these")
DAY = Kind("day", "The day of the packages was left out, because channels have no days")
SYSTEM = Kind("system", "Left out, because channels have other names for these; add what you need of them")
VERSIONS = Kind("versions", "The lock's versions are left out, because channels may not have them")
_ITEM = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9.]*)\s*(?:\(\s*(?P<operator>>=|<=|==|=|>|<)\s*(?P<version>[\w.-]+)\s*\))?"
)
_RUNTIME = re.compile(
    r"python-(?P<python>\d+(?:\.\d+){0,2})|r-(?:(?P<r>\d+\.\d+(?:\.\d+)?)(?:-|$))?(?P<day>\d{4}-\d\d-\d\d)?"
)


def read(source: Source) -> Conversion | None:
    """Read one of the three by its name."""
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    if name == "DESCRIPTION":
        return _description(source)
    if name == "renv.lock":
        return _renv(source)
    return _runtime(source) if name == "runtime.txt" else None


def conda_name(name: str) -> str:
    """Return how channels call a package of CRAN's."""
    return f"r-{name.lower()}"


def _description(source: Source) -> Conversion:
    fields = HeaderParser().parsestr(source.text.replace("\r\n", "\n").lstrip("\n"))
    if not any(field in fields for field in ("Package", "Imports", "Depends", "LinkingTo")):
        raise InvalidRequest("The DESCRIPTION is not that of an R package; use an environment.yml.")
    draft = Draft(source)
    draft.name = valid_name(fields.get("Package", "").strip()) or "environment"
    remotes = set()
    for item in filter(None, re.split(r"\s*,\s*", str(fields.get("Remotes", "")).strip())):
        bioconductor = re.fullmatch(r"bioc::(?:[^/]+/)?(?P<name>[A-Za-z0-9.]+)", item)
        if bioconductor:
            draft.add_conda(f"bioconductor-{bioconductor['name'].lower()}")
            remotes.add(bioconductor["name"])
        else:
            draft.notes.add(REMOTES, item)
            remotes.add(re.split(r"[@#]", item.rsplit("/", 1)[-1])[0])
    for field in ("Depends", "Imports", "LinkingTo"):
        for name, version in _items(str(fields.get(field, "")), draft):
            if name == "R":
                draft.add_conda(f"r-base {version}".strip())
            elif name not in BASE and name not in remotes:
                draft.add_conda(f"{conda_name(name)} {version}".strip())
    for name, _ in _items(str(fields.get("Suggests", "")), draft):
        draft.notes.add(SUGGESTED, name)
    if fields.get("SystemRequirements"):
        draft.notes.add(SYSTEM, str(fields["SystemRequirements"]))
    return _written(draft)


def _items(text: str, draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the packages of a field with their versions; what is none becomes a note."""
    for item in filter(None, (" ".join(each.split()) for each in text.split(","))):
        matched = _ITEM.fullmatch(item)
        if not matched:
            draft.notes.add(notes.UNREADABLE, item)
        else:
            operator = {"==": "=="}.get(matched["operator"] or "", matched["operator"] or "")
            yield matched["name"], f"{operator}{(matched['version'] or '').replace('-', '_')}"


def _renv(source: Source) -> Conversion:
    try:
        content = json.loads(source.text)
    except (ValueError, RecursionError):
        raise InvalidRequest("renv.lock is not valid JSON; create it again with renv::snapshot().") from None
    draft = Draft(source)
    draft.name = "environment" if draft.name == "renv" else draft.name
    version = table(content, "R").get("Version")
    if isinstance(version, str) and re.fullmatch(r"\d+\.\d+(\.\d+)?", version):
        draft.add_conda(f"r-base {'.'.join(version.split('.')[:2])}.*")
    for name, package in table(content, "Packages").items():
        origin = package.get("Source") if isinstance(package, dict) else None
        if origin == "Bioconductor":
            draft.add_conda(f"bioconductor-{name.lower()}")
        elif origin in ("Repository", "CRAN"):
            if name not in BASE:
                draft.add_conda(conda_name(name))
        else:
            draft.notes.add(REMOTES, f"{name} ({origin})")
    if not draft.conda:
        raise InvalidRequest("renv.lock lists no packages; create it again with renv::snapshot().")
    draft.notes.add(VERSIONS)
    return _written(draft)


def _runtime(source: Source) -> Conversion:
    line = next((line.strip() for line in source.lines if line.strip()), "")
    matched = _RUNTIME.fullmatch(line)
    if not matched or line == "r-":
        raise InvalidRequest("runtime.txt is written python-3.12 or r-4.4-2026-01-31; correct it.")
    draft = Draft(source)
    draft.name = "environment"
    if matched["python"]:
        version = matched["python"]
        draft.add_conda(f"python {version}.*" if version.count(".") < 2 else f"python {version}")
        draft.settle_with_python()
        return written(draft)
    if matched["day"]:
        draft.notes.add(DAY, matched["day"])
    version = matched["r"]
    draft.add_conda(
        f"r-base {version}.*" if version and version.count(".") < 2 else f"r-base {version or ''}".strip()
    )
    return _written(draft)


def _written(draft: Draft) -> Conversion:
    """Write a draft with R's own packages in front, and the channel that has Bioconductor's if need be."""
    names = {entry.text.split(" ")[0] for entry in draft.conda}
    if "r-base" not in names:
        draft.conda.insert(0, Entry("r-base"))
    if "r-irkernel" not in names:
        draft.add_conda("r-irkernel")
    if any(name.startswith("bioconductor-") for name in names):
        draft.channels = [Entry(CHANNEL), Entry("bioconda")]
    draft.settle()
    return written(draft)
