"""Conda's match specifications, as environment.yml, `conda list --export` and the command line have them.

Source: `conda.models.match_spec`, whose documentation gives the forms `channel/subdir::name version build`,
`name=version=build` and `name[key=value, ...]`. conda itself is not on PyPI and py-rattler is no dependency
of ours, so the reading stands here; the tests hold it against conda-lock's copy of conda.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_VERSION = r"(?:\d+!)?[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*_?(?:\+[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)?(?:\.?\*)?"
_TERM = rf"(?:(?:==|!=|~=|>=|<=|=|>|<)\s*{_VERSION}|{_VERSION}|=?=?\*)"
_TERMS = rf"{_TERM}(?:\s*[,|]\s*{_TERM})*"
_BUILD = r"[A-Za-z0-9_.*+]+"
_CONSTRAINT = re.compile(rf"(?P<version>{_TERMS})(?:\s*=\s*(?P<equals>{_BUILD})|\s+(?P<space>{_BUILD}))?")
_BRACKETS = re.compile(r"^(?P<plain>[^\[\]]*)\[(?P<pairs>[^\[\]]*)\]$")
_PAIR = re.compile(
    r"""\s*(?P<key>[a-z_0-9]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^,"']*))"""
)
_KEYS = frozenset(
    (
        "version",
        "build",
        "build_number",
        "channel",
        "subdir",
        "url",
        "fn",
        "md5",
        "sha256",
        "license",
        "track_features",
    )
)
_PACKAGE_FILE = re.compile(
    r"(?P<channel>https?://\S+)/(?P<subdir>[a-z0-9]+-[a-z0-9_]+|noarch)/"
    r"(?P<name>[^/\s]+)-(?P<version>[^/\s-]+)-(?P<build>[^/\s-]+)\.(?:conda|tar\.bz2)"
)


class InvalidMatchSpec(ValueError):
    """A text that conda does not read as a match specification of one package."""


@dataclass(frozen=True)
class MatchSpec:
    """The parts of a match specification; what it does not say is empty."""

    name: str
    version: str = ""
    build: str = ""
    channel: str = ""
    others: dict[str, str] = field(default_factory=dict)
    """The other keys in brackets, such as `md5`."""

    @property
    def only_version(self) -> bool:
        """Tell whether nothing but the version is asked for."""
        return not (self.build or self.channel or self.others)


def read_match_spec(text: str) -> MatchSpec:
    """Return what a match specification asks for; InvalidMatchSpec where conda cannot read it, or lock it."""
    spec = text.split("#", 1)[0].split(" if ", 1)[0].strip()
    package = _PACKAGE_FILE.fullmatch(spec)
    if package:
        return MatchSpec(package["name"].lower(), package["version"], package["build"], package["channel"])
    if "://" in spec.partition("::")[2] or spec.endswith((".conda", ".tar.bz2")):
        raise InvalidMatchSpec(text)
    others: dict[str, str] = {}
    brackets = _BRACKETS.fullmatch(spec)
    if brackets:
        spec = brackets["plain"].strip()
        others = _pairs(brackets["pairs"], text)
    channel, colons, rest = spec.rpartition("::")
    if not colons and ":" in rest:
        raise InvalidMatchSpec(text)
    rest = rest.strip()
    name = _NAME.match(rest)
    if not name or re.search(r"\s", channel):
        raise InvalidMatchSpec(text)
    version, build = _constraint(rest[name.end() :], text)
    return MatchSpec(
        name[0].lower(),
        others.pop("version", version),
        others.pop("build", build),
        others.pop("channel", channel),
        others,
    )


def package_name(text: str) -> str:
    """Return the name of a match specification's package in lower case; empty for what is none."""
    try:
        return read_match_spec(text).name
    except InvalidMatchSpec:
        return ""


def _constraint(text: str, whole: str) -> tuple[str, str]:
    """Return version and build of what follows a package's name."""
    rest = text.strip()
    if not rest:
        return "", ""
    constraint = _CONSTRAINT.fullmatch(rest)
    # conda takes what follows two spaces, or a space and a single "=", for the build
    if (
        not constraint
        or text[0] not in " \t=<>!~"
        or re.search(r"[,|]\s\s|\s\s[,|]|[=<>!~]\s+\S+\s*[,|]|[,|]\s+=(?!=)", rest)
    ):
        raise InvalidMatchSpec(whole)
    return re.sub(r"\s+", "", constraint["version"]), constraint["equals"] or constraint["space"] or ""


def _pairs(text: str, whole: str) -> dict[str, str]:
    """Return the keys and values of a pair of brackets."""
    pairs: dict[str, str] = {}
    place = 0
    while text[place:].strip():
        pair = _PAIR.match(text, place)
        value = pair and (pair["double"] or pair["single"] or (pair["bare"] or "").strip())
        if not pair or not value or pair["key"] not in _KEYS:
            raise InvalidMatchSpec(whole)
        pairs[pair["key"]] = value
        rest = text[pair.end() :].lstrip()
        if rest and not rest.startswith(","):
            raise InvalidMatchSpec(whole)
        place = len(text) - len(rest) + 1
    for key in {"version"} & set(pairs):
        if not re.fullmatch(_TERMS, pairs[key].strip()):
            raise InvalidMatchSpec(whole)
    return pairs
