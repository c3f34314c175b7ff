"""Lists of conda's packages: `conda list`, with `--export` or without, and `conda install --file`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import Draft
from ..matchspecs import InvalidMatchSpec, read_match_spec
from ..requirement_lines import logical_lines
from ..source import Source
from ..writing import written

_PLATFORM = re.compile(r"^#\s*platform:\s*(\S+)", re.MULTILINE)
_EXPORTED = re.compile(r"^# This file may be used to create an environment using:", re.MULTILINE)
_TABLE = re.compile(r"^# +Name +Version +Build", re.MULTILINE)
# pip writes two equals signs, and knows no channels
_CONDA_ONLY = re.compile(r"(?:\S+::)?[A-Za-z0-9_][A-Za-z0-9_.-]*\s*=(?![=>])\s*[^=\s,;]+(?:=[^=\s]+)?$")
_CHANNEL = re.compile(r"[\w./:-]*\w::[A-Za-z0-9_][^\s:]*")
_BY_PIP = re.compile(r"(?P<name>[^=\s]+)=(?P<version>[^=\s]+)=(?:pypi_\w+|<pip>|<develop>)$")
_ROW = re.compile(r"(?P<name>\S+)\s+(?P<version>\S+)\s+(?P<build>\S+)(?:\s+(?P<channel>\S+))?$")


def read(source: Source) -> Conversion | None:
    """Turn a list of conda's packages into a specification, those that pip had installed below `pip:`."""
    lines = list(logical_lines(source.text))
    table = bool(_TABLE.search(source.text))
    exported = bool(_EXPORTED.search(source.text))
    if not table and not exported and not any(_is_conda_only(line) for line in lines):
        return None
    draft = Draft(source)
    platform = _PLATFORM.search(source.text)
    foreign = platform is not None and platform[1].partition("-")[0] != source.platform.partition("-")[0]
    for line in _rows(lines) if table else lines:
        pip = _BY_PIP.fullmatch(line)
        if pip:
            draft.notes.add(notes.BY_PIP, line)
            draft.add_pip(f"{pip['name']}=={pip['version']}")
        elif line.startswith("-") or not _is_match_spec(line):
            draft.add_pip(line)
        elif foreign and line.count("=") == 2 and "==" not in line:
            draft.notes.add(notes.BUILDS, line)
            draft.add_conda(line.rpartition("=")[0])
        else:
            draft.add_conda(line)
    draft.settle()
    if not draft.conda and not draft.pip:
        raise InvalidRequest("The file lists no package that conda-store can install; choose another file.")
    return written(draft)


def _is_conda_only(line: str) -> bool:
    if line.startswith("-") or "://" in line.partition("::")[2]:
        return False
    return bool(_CONDA_ONLY.match(line) or _CHANNEL.match(line)) and _is_match_spec(line)


def _is_match_spec(line: str) -> bool:
    try:
        read_match_spec(line)
    except InvalidMatchSpec:
        return False
    return True


def _rows(lines: list[str]) -> Iterator[str]:
    """Yield the rows of `conda list` in the form that `conda list --export` has."""
    for line in lines:
        row = _ROW.fullmatch(line)
        if not row:
            yield line
        elif row["channel"] == "pypi" or row["build"] == "<pip>":
            yield f"{row['name']}={row['version']}=pypi_0"
        else:
            yield f"{row['name']}={row['version']}={row['build']}"
