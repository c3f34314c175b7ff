"""Dependencies as Poetry writes them: carets, tildes, alternatives by Python, optional ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from packaging.version import InvalidVersion, Version

from . import notes
from .draft import Draft
from .toml_text import table, tables, texts

PYPI = "pypi"  # the name under which Poetry and Pipenv list it


def add_poetry(draft: Draft, poetry: dict[str, Any]) -> None:
    """Add what `[tool.poetry]` lists."""
    dependencies = table(poetry, "dependencies")
    extras = {name for listed in table(poetry, "extras").values() for name in texts(listed)}
    for name, wanted in dependencies.items():
        if name.lower() == "python":
            for text in texts(wanted if isinstance(wanted, list) else [wanted]):
                version = _specifier(name, text, draft)
                draft.add_conda(f"python {version}" if version else "python")
            continue
        if isinstance(wanted, dict) and wanted.get("optional"):
            draft.notes.add(notes.OPTIONAL, name)
            continue
        for line in requirement_lines(name, wanted, draft):
            draft.add_pip(line)
    for name in sorted(extras - set(dependencies)):
        draft.notes.add(notes.OPTIONAL, name)
    groups = {name: table(poetry, "group", name, "dependencies") for name in table(poetry, "group")}
    if table(poetry, "dev-dependencies"):
        groups["dev"] = {**groups.get("dev", {}), **table(poetry, "dev-dependencies")}
    for name, packages in groups.items():
        draft.notes.add(notes.GROUPS, notes.group(name, packages))
    add_sources(draft, poetry.get("source"))


def add_sources(draft: Draft, sources: object) -> None:
    """Add notes on the package indexes that are listed beside PyPI."""
    for each in tables(sources):
        if str(each.get("name")).lower() != PYPI and each.get("url"):
            draft.notes.add(notes.INDEX, str(each["url"]))


def requirement_lines(name: str, wanted: object, draft: Draft) -> Iterator[str]:
    """Yield a dependency of Poetry or Pipenv as lines of a requirements file."""
    if isinstance(wanted, list):
        for each in wanted:
            yield from requirement_lines(name, each, draft)
        return
    entry = {"version": wanted} if isinstance(wanted, str) else wanted if isinstance(wanted, dict) else {}
    extras = f"[{','.join(texts(entry.get('extras')))}]" if texts(entry.get("extras")) else ""
    marker = "; " + " and ".join(conditions) if (conditions := list(_markers(entry))) else ""
    if "path" in entry or "file" in entry:
        draft.notes.add(notes.FILE, f"{name} ({entry.get('path') or entry.get('file')})")
        return
    if isinstance(entry.get("git"), str):
        ref = next(
            (entry[key] for key in ("rev", "ref", "tag", "branch") if isinstance(entry.get(key), str)), ""
        )
        address = entry["git"] if entry["git"].startswith("git+") else f"git+{entry['git']}"
        folder = f"#subdirectory={entry['subdirectory']}" if entry.get("subdirectory") else ""
        yield f"{name}{extras} @ {address}{'@' + ref if ref else ''}{folder}{' ' + marker if marker else ''}"
        return
    if isinstance(entry.get("url"), str):
        yield f"{name}{extras} @ {entry['url']}{' ' + marker if marker else ''}"
        return
    version = _specifier(name, str(entry.get("version", "*")), draft)
    if version is not None:
        yield f"{name}{extras}{version}{marker}"


def _specifier(name: str, version: str, draft: Draft) -> str | None:
    """Return a version as pip writes it, with a note on what that leaves out; None for what is none."""
    specifier = pip_specifier(version)
    if specifier is None:
        draft.notes.add(notes.VERSION, f"{name} {version}")
    elif "||" in version:
        draft.notes.add(notes.ALTERNATIVES, f"{name} {version}")
    return specifier


def pip_specifier(text: str) -> str | None:
    """Return a version of Poetry's as pip writes it, empty for any; None for what is none.

    Of alternatives (`||`) the last one counts, which is the newest as people write them.
    """
    parts = []
    for part in re.split(r"\s*,\s*|\s+(?=[<>=!~^])", text.split("||")[-1].strip()):
        specifier = _one(part.strip())
        if specifier is None:
            return None
        parts.append(specifier)
    return ",".join(part for part in parts if part)


def _one(part: str) -> str | None:
    if part in ("", "*"):
        return ""
    matched = re.fullmatch(r"(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*v?([0-9][\w.!+*-]*)", part)
    if not matched:
        return None
    operator, version = matched[1] or "", matched[2]
    if "*" in version:
        return f"{'!=' if operator == '!=' else '=='}{version}"
    try:
        release = list(Version(version).release)
    except InvalidVersion:
        return None
    written = len(version.split("+")[0].split("-")[0].split("."))
    release = release[:written] if written <= len(release) else release
    if operator == "^":
        # the first number that is not 0 may not change; of nothing but zeros the last one that is written
        place = next((index for index, number in enumerate(release) if number), len(release) - 1)
        return f">={version},<{_next(release, place)}"
    if operator == "~":
        return f">={version},<{_next(release, min(1, len(release) - 1))}"
    return f"{'==' if operator in ('', '=') else operator}{version}"


def _next(release: list[int], place: int) -> str:
    return ".".join(map(str, [*release[:place], release[place] + 1]))


def _markers(entry: dict[str, Any]) -> Iterator[str]:
    """Yield the conditions of an entry: Poetry's `python`, and every marker's name as Pipenv writes it."""
    if isinstance(entry.get("markers"), str):
        yield f"({entry['markers']})" if " or " in entry["markers"] else entry["markers"]
    if isinstance(entry.get("python"), str):
        for part in (pip_specifier(entry["python"]) or "").split(","):
            matched = re.fullmatch(r"(\W+)([\w.*]+)", part)
            if matched:
                yield f'python_version {matched[1]} "{matched[2]}"'
    if isinstance(entry.get("platform"), str):
        yield f'sys_platform == "{entry["platform"]}"'
    for name in ("sys_platform", "platform_system", "platform_machine", "os_name", "python_version"):
        if isinstance(entry.get(name), str):
            yield f"{name} {entry[name]}"
