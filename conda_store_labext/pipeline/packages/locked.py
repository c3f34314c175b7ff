"""Packages as a lockfile names them: their address, their hash, and what they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from ...errors import UnsuitableLockfile

ENDINGS = (".conda", ".tar.bz2")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+!~-]*-[A-Za-z0-9_.+!~]+-[A-Za-z0-9_.+]+(?:\.conda|\.tar\.bz2)")
_SHA256, _MD5 = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class LockedPackage:
    """One package of an environment: `file` is its file's name, `size` its bytes where the lockfile says.

    `sha256` or `md5` is the hash of the file, the other one may be empty. `depends` are match specifications.
    `site_packages` is where the package, Python itself, has noarch packages put.
    """

    url: str
    file: str
    subdir: str
    sha256: str = ""
    md5: str = ""
    size: int | None = None
    depends: tuple[str, ...] = ()
    site_packages: str | None = None

    @cached_property
    def stem(self) -> str:
        """The file's name without its ending: name, version and build."""
        return next(self.file.removesuffix(ending) for ending in ENDINGS if self.file.endswith(ending))

    @cached_property
    def name(self) -> str:
        """The package's name."""
        return self.stem.rsplit("-", 2)[0]

    @property
    def version(self) -> str:
        """The package's version."""
        return self.stem.rsplit("-", 2)[1]

    @property
    def build(self) -> str:
        """The package's build string."""
        return self.stem.rsplit("-", 2)[2]

    @property
    def digest(self) -> str:
        """The hash that identifies the file: `sha256` where there is one."""
        return self.sha256 or self.md5

    def to_json(self) -> dict[str, Any]:
        """Return the fields, of which `from_json` makes the package again."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> LockedPackage:
        """Read what `to_json` returned."""
        return cls(**{**fields, "depends": tuple(fields["depends"])})


@dataclass(frozen=True)
class LockedEnvironment:
    """The packages of one environment for one platform, those first that others depend on.

    `pip` are the names of what conda does not install: packages of PyPI, and packages from source.
    """

    packages: tuple[LockedPackage, ...]
    pip: tuple[str, ...] = ()


def locked_package(
    url: object,
    hashes: Mapping[str, object],
    *,
    size: object = None,
    depends: Iterable[object] = (),
    site_packages: object = None,
) -> LockedPackage:
    """Return a package by its address and its `hashes` (`sha256`, `md5`); UnsuitableLockfile for an odd one.

    The file's name is what stands in the address once it is decoded, so that both spellings of `1!2.0` are
    one package.
    """
    if not isinstance(url, str):
        raise UnsuitableLockfile("The lockfile has a package without an address; lock again.")
    path = urlsplit(url).path.split("/")
    file, subdir = unquote(path[-1]), path[-2] if len(path) > 1 else ""
    if not _FILE.fullmatch(file) or ".." in file or not re.fullmatch(r"[a-z0-9-]+", subdir):
        raise UnsuitableLockfile(
            f"The lockfile has an address that is not one of a conda package ({_shown(file)}); lock again."
        )
    sha256, md5 = (str(hashes.get(name) or "").lower() for name in ("sha256", "md5"))
    sha256, md5 = (sha256 if _SHA256.fullmatch(sha256) else ""), (md5 if _MD5.fullmatch(md5) else "")
    if not sha256 and not md5:
        raise UnsuitableLockfile(
            f"The lockfile has no hash of {file}, so nothing would tell what comes; lock again with hashes "
            "(`conda list --explicit --md5`)."
        )
    return LockedPackage(
        url=url,
        file=file,
        subdir=subdir,
        sha256=sha256,
        md5=md5,
        size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
        depends=tuple(spec for spec in depends if isinstance(spec, str)),
        site_packages=site_packages if isinstance(site_packages, str) else None,
    )


def in_order(packages: Iterable[LockedPackage]) -> tuple[LockedPackage, ...]:
    """Return the packages with those first that others depend on, names deciding where that leaves a choice.

    UnsuitableLockfile where one name comes twice.
    """
    by_name: dict[str, LockedPackage] = {}
    for package in packages:
        if by_name.setdefault(package.name, package) is not package:
            raise UnsuitableLockfile(f"The lockfile has {package.name} twice; lock again.")
    ordered: dict[str, LockedPackage] = {}
    for name in sorted(by_name):
        waiting = [name]
        entered: set[str] = set()
        while waiting:
            last = waiting[-1]
            needs = sorted({spec.split(None, 1)[0] for spec in by_name[last].depends if spec.strip()})
            rest = [need for need in needs if need in by_name and need not in ordered and need not in entered]
            if last in ordered:
                waiting.pop()
            elif rest and last not in entered:
                entered.add(last)
                waiting += reversed(rest)
            else:
                ordered[waiting.pop()] = by_name[last]
    return tuple(ordered.values())


def closure(packages: Iterable[LockedPackage], name: str) -> frozenset[str]:
    """Return the names of a package and of all that it needs; none where it is not among `packages`."""
    by_name = {package.name: package for package in packages}
    names: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in by_name and current not in names:
            names.add(current)
            waiting += [spec.split(None, 1)[0] for spec in by_name[current].depends if spec.strip()]
    return frozenset(names)


def _shown(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text[:100])
