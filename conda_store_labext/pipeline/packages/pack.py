"""Archives of pixi-pack's: a channel in a tar, for machines without a network.

pixi-pack.json                  the platform that it is for
channel/<subdir>/repodata.json  the packages' records, hashes among them
channel/<subdir>/<file>         the packages
pypi/                           packages of PyPI, which are not taken
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import BadArchive, UnsuitableLockfile
from ...models.platform import this_platform
from ...store.layout import prepare
from ...store.store import EnvironmentStore
from ..inflate import inflate
from ..limits import Limits
from ..tarstream import FILE, Member, TarStream
from .files import PackageFiles
from .locked import LockedEnvironment, LockedPackage, in_order, locked_package

METADATA = b"pixi-pack.json"
REPODATA = b"/repodata.json"
TOP = (b"", b".", b"channel", b"pypi", METADATA, b"environment.yml")


def read_pack(path: Path, limits: Limits) -> LockedEnvironment | None:
    """Return the packages in an archive of pixi-pack's, None where the file is none of those.

    Raises UnsuitableLockfile for another platform's and for one with packages of PyPI, BadArchive.
    """
    repodata: list[dict[str, Any]] = []
    packages: list[tuple[str, str]] = []
    pip: list[str] = []
    about: dict[str, Any] | None = None
    with _members(path, limits) as (stream, members):
        for member in members:
            name = member.path.removeprefix(b"./")
            if name.split(b"/")[0] not in TOP:
                return None
            text = b""
            if name == METADATA or name.endswith(REPODATA):
                if member.size > limits.records:
                    raise BadArchive("The archive's list of packages is oversized; it was refused.")
                text = b"".join(map(bytes, stream.contents(member.size)))
            else:
                for _ in stream.contents(member.size):
                    pass
            if name == METADATA:
                about = _object(text)
            elif name.startswith(b"channel/") and name.endswith(REPODATA):
                repodata.append(_object(text))
            elif name.startswith(b"channel/") and name.count(b"/") == 2 and member.kind is FILE:
                _, subdir, file = name.decode("utf-8", "replace").split("/")
                packages.append((subdir, file))
            elif name.startswith(b"pypi/") and member.kind is FILE:
                pip.append(name.rpartition(b"/")[2].decode("utf-8", "replace").split("-")[0])
    if about is None:
        return None
    platform = about.get("platform")
    if platform != this_platform():
        raise UnsuitableLockfile(
            f"The archive is for {platform}, but this machine is {this_platform()}; pack it for this one."
        )
    records = {
        (str(listing.get("info", {}).get("subdir")), file): record
        for listing in repodata
        for key in ("packages", "packages.conda")
        for file, record in (listing.get(key) or {}).items()
        if isinstance(record, dict)
    }
    return LockedEnvironment(
        in_order(_package(subdir, file, records.get((subdir, file), {})) for subdir, file in packages),
        tuple(sorted(pip)),
    )


def take_packages(
    path: Path,
    packages: tuple[LockedPackage, ...],
    store: EnvironmentStore,
    limits: Limits,
    check: Callable[[], None],
) -> None:
    """Put an archive's packages among those of the store, each by its hash."""
    prepare(store.root)
    files = PackageFiles(store.home / "p", limits.spare)
    wanted = {f"channel/{locked.subdir}/{locked.file}".encode(): locked for locked in packages}
    with _members(path, limits) as (stream, members):
        for member in members:
            check()
            package = wanted.get(member.path.removeprefix(b"./"))
            contents = iter(stream.contents(member.size))
            if package is not None and member.kind is FILE:
                files.take(package, contents)
            for _ in contents:
                pass


@contextmanager
def _members(path: Path, limits: Limits) -> Iterator[tuple[TarStream, Iterator[Member]]]:
    with path.open("rb") as file:
        stream = TarStream(inflate(file.read, limits), limits)
        yield stream, stream.members()


def _package(subdir: str, file: str, record: dict[str, Any]) -> LockedPackage:
    depends = record.get("depends")
    return locked_package(
        f"channel/{subdir}/{file}",
        record,
        size=record.get("size"),
        depends=depends if isinstance(depends, list) else (),
        site_packages=record.get("python_site_packages_path"),
    )


def _object(text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BadArchive("The archive's list of packages cannot be read; pack it again.")
    return content
