"""A conda package made from a wheel: files, compiled modules, commands and requirements."""

from __future__ import annotations

import calendar
import configparser
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from .bytecode import bytecode, bytecode_path, worth_compiling
from .names import conda_name, conda_requirement
from .package import PLACEHOLDER, Member, Recipe

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
SITE_PACKAGES = f"lib/python{PYTHON}/site-packages"
COMMAND = """#!{placeholder}/bin/python
import sys
from {module} import {name}
if __name__ == "__main__":
    sys.exit({call}())
"""


class BadWheel(Exception):
    """The file is not a wheel that can be installed; the text says why."""


@dataclass(frozen=True)
class Wheel:
    """A wheel's own description of itself; `requirements` still carry their markers."""

    path: Path
    name: str
    version: str
    requirements: tuple[Requirement, ...]
    license: str
    summary: str
    commands: tuple[tuple[str, str], ...]

    @property
    def project(self) -> str:
        """PyPI's canonical name."""
        return canonicalize_name(self.name)


def read_wheel(path: Path) -> Wheel:
    """Read a wheel's metadata; raise BadWheel where it has none that make sense."""
    try:
        name, version, _, _ = parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as archive:
            info = next(
                entry.rsplit("/", 1)[0]
                for entry in archive.namelist()
                if entry.count("/") == 1 and entry.endswith(".dist-info/METADATA")
            )
            metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode("utf-8", "replace"))
            entry_points = f"{info}/entry_points.txt"
            text = archive.read(entry_points).decode() if entry_points in archive.namelist() else ""
        return Wheel(
            path=path,
            name=name,
            version=str(version),
            requirements=tuple(Requirement(text) for text in metadata.get_all("Requires-Dist") or []),
            license=metadata.get("License-Expression") or "",
            summary=metadata.get("Summary") or "",
            commands=tuple(_commands(text)),
        )
    except StopIteration:
        raise BadWheel("it has no metadata") from None
    except (ValueError, OSError, zipfile.BadZipFile, configparser.Error) as error:
        raise BadWheel(str(error) or type(error).__name__) from error


def recipe(wheel: Wheel, subdir: str, available: dict[str, Wheel]) -> Recipe:
    """Return the package that a wheel becomes; `available` are all wheels by PyPI name, for extras."""
    major, minor = sys.version_info[:2]
    depends = [f"python >={PYTHON},<{major}.{minor + 1}.0a0"]
    depends += dict.fromkeys(
        conda_requirement(requirement) for requirement in _requirements(wheel, available, frozenset())
    )
    return Recipe(
        name=conda_name(wheel.name),
        version=wheel.version,
        build=f"py{major}{minor}_0",
        subdir=subdir,
        depends=tuple(depends),
        license=wheel.license,
        summary=wheel.summary,
    )


def members(wheel: Wheel) -> Iterator[Member]:
    """Yield a wheel's files at their places in a prefix; raise BadWheel for one that would leave it."""
    with zipfile.ZipFile(wheel.path) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield from _placed(wheel, entry, archive.read(entry))
    for name, target in wheel.commands:
        module, _, call = target.partition(":")
        text = COMMAND.format(placeholder=PLACEHOLDER, module=module, name=call.split(".")[0], call=call)
        yield Member(f"bin/{name}", text.encode(), executable=True, has_prefix=True)


def _placed(wheel: Wheel, entry: zipfile.ZipInfo, data: bytes) -> Iterator[Member]:
    path, executable = _place(wheel, entry.filename), bool(entry.external_attr >> 16 & 0o111)
    time = max(calendar.timegm((*entry.date_time, 0, 0, 0)), 0)
    if path.startswith("share/jupyter/kernels/") and path.endswith("/kernel.json"):
        yield Member(path, _with_own_interpreter(data), has_prefix=True, time=time)
    elif path.startswith("bin/") and data.startswith(b"#!python"):
        first, _, rest = data.partition(b"\n")
        head = f"#!{PLACEHOLDER}/bin/python".encode() + first.removeprefix(b"#!python").removeprefix(b"w")
        yield Member(path, head + b"\n" + rest, executable=True, has_prefix=True, time=time)
    elif path.endswith(".dist-info/INSTALLER"):
        yield Member(path, b"conda\n", time=time)
    else:
        yield Member(path, data, executable=executable or path.startswith("bin/"), time=time)
    compiled = bytecode(path, data, time) if worth_compiling(path) and path.startswith("lib/") else None
    if compiled:
        yield Member(bytecode_path(path), compiled, time=time)


def _place(wheel: Wheel, name: str) -> str:
    """Return where a wheel's file goes in the prefix (PEP 427: `*.data/<kind>/` or site-packages)."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name:
        raise BadWheel(f"{name} lies outside of it")
    if len(parts) < 3 or not parts[0].endswith(".data"):
        return f"{SITE_PACKAGES}/{name}"
    folders = {
        "purelib": SITE_PACKAGES,
        "platlib": SITE_PACKAGES,
        "scripts": "bin",
        "headers": f"include/python{PYTHON}/{wheel.name}",
        "data": "",
    }
    if parts[1] not in folders:
        raise BadWheel(f"{name} is of an unknown kind")
    return str(PurePosixPath(folders[parts[1]], *parts[2:]))


def _with_own_interpreter(data: bytes) -> bytes:
    """Return a kernel.json that starts its own prefix's interpreter, as conda-forge ships it."""
    spec = json.loads(data)
    if PurePosixPath(spec["argv"][0]).name.startswith("python"):
        spec["argv"][0] = f"{PLACEHOLDER}/bin/python"
    return json.dumps(spec, indent=1).encode()


def _commands(entry_points: str) -> Iterator[tuple[str, str]]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    # Names of commands keep their case.
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser's documentation does
    parser.read_string(entry_points)
    for section in ("console_scripts", "gui_scripts"):
        if parser.has_section(section):
            for name, target in parser.items(section):
                yield name.strip(), target.split("[")[0].strip()


def _requirements(wheel: Wheel, available: dict[str, Wheel], extras: frozenset[str]) -> Iterator[Requirement]:
    """Yield what applies here; conda has no extras, so `name[extra]` also yields what the extra needs."""
    for requirement in wheel.requirements:
        if requirement.marker and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in (*extras, "")
        ):
            continue
        project = canonicalize_name(requirement.name)
        if project != wheel.project:
            yield requirement
        wanted = frozenset(requirement.extras) - (extras if project == wheel.project else frozenset())
        if wanted and project in available:
            yield from _requirements(available[project], available, wanted)
