"""Files that people have turned into specifications; what cannot be carried over becomes a note."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import InvalidRequest
from ..models import Conversion
from .text import ORDER, parse_yaml, requirements_of, specification_text

DEFAULT_NAME = "environment"
CHANNEL = "conda-forge"
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_@$&?^~.=+-]+")
TELLING_NOTHING = re.compile(r"(?:environment|env|requirements?|conda-?lock)(?:[-_.]lock)?", re.IGNORECASE)
CARRIED_OPTIONS = ("--index-url", "--extra-index-url", "--trusted-host")
SHORT_OPTIONS = {"-i": "--index-url"}
HASH = re.compile(r"\s+--hash[= ]\S+")
COMMENT = re.compile(r"(?:^|\s+)#.*$")
OPTION = re.compile(r"(--?[A-Za-z][\w-]*)(?:\s*=\s*|\s+|$)(.*)")
MOST_NOTES = 50


def convert(filename: str, text: str) -> Conversion:
    """Return a file's text as a specification; no file is read.

    Knows environment.yml, conda-lock.yml and requirements.txt, by their contents and by the file's ending.
    Raises InvalidRequest for what is none of them.
    """
    text = text.removeprefix("\ufeff")
    name = name_from(filename)
    if filename.lower().endswith((".txt", ".in")):
        if any(line.strip() == "@EXPLICIT" for line in text.splitlines()):
            raise InvalidRequest(
                "This is a list of package files (@EXPLICIT), which conda-store does not build; "
                "use an environment.yml or a conda-lock.yml."
            )
        return _from_requirements(name, text)
    found = parse_yaml(text, "file")
    if isinstance(found.get("package"), list) and isinstance(found.get("metadata"), dict):
        return _from_lockfile(name, text, found)
    if "dependencies" in found:
        return _from_environment(name, text, found)
    raise InvalidRequest(
        "The file lists no dependencies; choose an environment.yml, a conda-lock.yml or a requirements.txt."
    )


def name_from(filename: str) -> str:
    """Return an environment's name for a file: the file's own, or its folder's where that tells nothing."""
    path = PurePosixPath(filename.replace("\\", "/"))
    for part in (path.name.split(".")[0], path.parent.name):
        name = NOT_IN_NAMES.sub("-", part).strip("-.")
        if name and not TELLING_NOTHING.fullmatch(name):
            return name
    return DEFAULT_NAME


def _from_environment(name: str, text: str, found: dict[str, Any]) -> Conversion:
    """Carry an environment.yml over, as it is written where nothing has to be changed."""
    if not isinstance(found["dependencies"], list):
        raise InvalidRequest("The file's dependencies are no list; write one a line, after a dash.")
    notes = []
    conda, pip = requirements_of(found)
    changed = dict(found)
    if "prefix" in changed:
        del changed["prefix"]
        notes.append("The prefix was left out: conda-store chooses the folder.")
    given = changed.get("name")
    if not isinstance(given, str) or not given or NOT_IN_NAMES.search(given):
        changed["name"] = NOT_IN_NAMES.sub("-", given if isinstance(given, str) else "").strip("-.") or name
        notes.append(f"The environment is named {changed['name']}; change it as you like.")
    if not changed.get("channels"):
        changed["channels"] = [CHANNEL]
        notes.append(f"No channel was listed, so {CHANNEL} is.")
    unknown = sorted(str(key) for key in set(changed) - set(ORDER))
    notes += [f"conda-store takes no notice of the key {key}." for key in unknown]
    files = [one for one in pip if one.startswith(("-r", "-c", "-e", "--requirement", "--editable", "."))]
    if files:
        wanted = {"dependencies": [*conda, {"pip": [one for one in pip if one not in files]}]}
        changed |= wanted if len(files) < len(pip) else {"dependencies": conda}
        notes += [f"{one} was left out: conda-store cannot read files of yours." for one in files]
    text = text if changed == found else specification_text(changed)
    return Conversion(str(changed["name"]), text, False, tuple(notes[:MOST_NOTES]))


def _from_lockfile(name: str, text: str, found: dict[str, Any]) -> Conversion:
    """Carry a conda-lock file over as it is."""
    if found.get("version", 1) != 1:
        raise InvalidRequest(
            "This lockfile is of another version, and conda-store knows version 1; "
            "lock again with a conda-lock that writes it."
        )
    platforms = found["metadata"].get("platforms")
    notes = []
    if isinstance(platforms, list) and platforms:
        listed = ", ".join(str(one) for one in platforms[:10])
        notes.append(f"It is locked for {listed}; conda-store needs its own platform among them.")
    return Conversion(name, text, True, tuple(notes))


def _from_requirements(name: str, text: str) -> Conversion:
    """Turn a requirements.txt into a specification: Python from conda, the rest by pip as it is listed."""
    pip: list[str] = []
    notes: list[str] = []
    for line in _logical_lines(text):
        if line.startswith("-"):
            _option(line, pip, notes)
            continue
        bare = HASH.sub("", line)
        if bare != line and "Hashes are not checked by conda-store." not in notes:
            notes.append("Hashes are not checked by conda-store.")
        if "${" in bare:
            notes.append(f"{bare} was left out: variables are not filled in.")
            continue
        try:
            requirement = Requirement(bare)
        except InvalidRequirement:
            notes.append(f"{bare} was left out: it names no package of an index.")
            continue
        if requirement.url and requirement.url.startswith("file:"):
            notes.append(f"{bare} was left out: conda-store cannot read files of yours.")
        else:
            pip.append(str(requirement))
    if not any(not one.startswith("--") for one in pip):
        raise InvalidRequest("The file names no package that conda-store could install; choose another file.")
    specification = {
        "name": name,
        "channels": [CHANNEL],
        "dependencies": ["python", "pip", {"pip": list(dict.fromkeys(pip))}],
    }
    notes.append("The packages are installed by pip, as listed; Python comes from conda-forge.")
    return Conversion(name, specification_text(specification), False, tuple(notes[:MOST_NOTES]))


def _logical_lines(text: str) -> list[str]:
    """Return the lines of a requirements file, continued ones joined, without comments and blank ones."""
    joined = re.sub(r"\\\r?\n", " ", text)
    lines = (COMMENT.sub("", line).strip() for line in joined.splitlines())
    return [" ".join(line.split()) for line in lines if line]


def _option(line: str, pip: list[str], notes: list[str]) -> None:
    """Carry an option of a requirements file over, or leave a note."""
    found = OPTION.match(line)
    option, value = (found[1], found[2]) if found else (line, "")
    option = SHORT_OPTIONS.get(option, option)
    if option in CARRIED_OPTIONS and value and "@" not in value and "${" not in value:
        pip.append(f"{option} {value}")
    elif option in CARRIED_OPTIONS:
        notes.append(f"{option} was left out: it holds a password or a variable.")
    elif option in ("-r", "--requirement", "-c", "--constraint"):
        notes.append(f"{line} was left out: add the lines of that file yourself.")
    elif option in ("-e", "--editable"):
        notes.append(f"{line} was left out: conda-store cannot read files of yours.")
    else:
        notes.append(f"{line} was left out: conda-store has no such option.")
