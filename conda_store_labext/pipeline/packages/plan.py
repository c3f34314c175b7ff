"""Plan of each package's origin: a copy that is here, a cache, or its channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ...errors import PackageUnavailable
from ..limits import MIB
from .addresses import Addresses, is_http
from .channel import Channels
from .files import PackageFiles
from .here import copy_with, in_caches
from .locked import LockedPackage
from .rules import Rules

AT_A_TIME = 8  # packages whose size is asked for


@dataclass(frozen=True)
class Plan:
    """An environment's `packages`, and those of them that are to be fetched: `to_fetch`.

    `in_copies` has the others that an environment on this machine has, by name, with its folder. `rules` are
    the user's for channels.
    """

    packages: tuple[LockedPackage, ...]
    to_fetch: tuple[LockedPackage, ...]
    in_copies: Mapping[str, Path]
    rules: Rules = field(default_factory=Rules)

    @classmethod
    def of(
        cls,
        packages: Iterable[LockedPackage],
        files: PackageFiles,
        prefixes: Sequence[Path],
        rules: Rules | None = None,
    ) -> Plan:
        """Look where each package is; what a package cache of the user's has is taken from there."""
        packages = tuple(packages)
        in_copies: dict[str, Path] = {}
        to_fetch = []
        for package in packages:
            if files.has(package):
                continue
            prefix = copy_with(prefixes, package)
            if prefix is not None:
                in_copies[package.name] = prefix
            elif not _from_cache(package, files):
                to_fetch.append(package)
        return cls(packages, tuple(to_fetch), in_copies, rules or Rules())

    def addresses(self, trusted: bool = True) -> Addresses:
        """Return the rule for what may be asked; UnsuitableLockfile where an address may not.

        It is made of the whole lockfile: what is in a copy may turn out to be unfit. What came with the
        lockfile, in one archive, has no address.
        """
        needed = {package.url for package in self.to_fetch}
        urls = [package.url for package in self.packages if package.url in needed or is_http(package.url)]
        asked = [asked for url in urls for asked in self.rules.asked(url) if not self.rules.names(asked)]
        return Addresses.of(asked, trusted=trusted)

    def sizes(self, trusted: bool = True) -> dict[str, int | None]:
        """Return the bytes of each package that is to be fetched, by its name, asking the channels.

        None where one does not say. Raises PackageUnavailable and UnsuitableLockfile.
        """
        addresses = self.addresses(trusted)
        sizes = {package.name: package.size for package in self.to_fetch}
        unknown = [package for package in self.to_fetch if package.size is None]
        with closing(Channels(addresses, self.rules)) as channels, ThreadPoolExecutor(AT_A_TIME) as pool:
            asked = pool.map(channels.size, unknown)
            sizes |= {package.name: size for package, size in zip(unknown, asked, strict=True)}
        return sizes


def total(sizes: Iterable[int | None]) -> int | None:
    """Return a sum, None where a part of it is not known."""
    listed = list(sizes)
    return None if None in listed else sum(size or 0 for size in listed)


def _from_cache(package: LockedPackage, files: PackageFiles) -> bool:
    for cached in in_caches(package):
        with suppress(PackageUnavailable, OSError), cached.open("rb") as file:
            files.take(package, map(memoryview, iter(partial(file.read, MIB), b"")))
            return True
    return False
