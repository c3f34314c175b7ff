"""Environments of one conda-store as another one is to have them, by lockfile, and the file for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import CondaStoreLabError, InvalidRequest, NotLaunchable
from ...errors.os_errors import explain
from ...models import BuildStatus, Environment
from ...specifications.addresses import is_loopback
from ...specifications.text import parse_specification, specification_text
from ...store.files import read_small, replaced
from .declared import Declared, Folder, Unusable

if TYPE_CHECKING:
    from ...client.client import CondaStoreClient

FORMAT = "conda-store-labext environments"
VERSION = 1
LARGEST = 1024 * 1024 * 1024  # bytes of a file


@dataclass(frozen=True)
class Moved:
    """The active build of an environment: its lockfile, and its specification if it was made of one."""

    namespace: str
    name: str
    build_id: int
    lockfile: dict[str, Any]
    specification: str | None

    def __str__(self) -> str:
        """Return the build as people write it."""
        return f"build {self.build_id} of {self.namespace}/{self.name}"


@dataclass(frozen=True)
class Export:
    """Environments of a `server`, and those that could not be taken along with the reason, by name."""

    server: str
    environments: tuple[Moved, ...]
    left_out: dict[str, str]


def export(client: CondaStoreClient, environments: Iterable[Environment]) -> Export:
    """Return the active builds of environments; what has none that succeeded is left out."""
    moved: list[Moved] = []
    left_out: dict[str, str] = {}
    for environment in environments:
        try:
            moved.append(_moved(client, environment))
        except CondaStoreLabError as error:
            left_out[f"{environment.namespace}/{environment.name}"] = str(error)
    return Export(client.connection.identity, tuple(moved), left_out)


def _moved(client: CondaStoreClient, environment: Environment) -> Moved:
    build_id = environment.current_build_id
    if build_id is None or environment.status is not BuildStatus.COMPLETED:
        raise NotLaunchable("It has no active build that succeeded; build it first.")
    made_from = client.specification(build_id)
    lockfile = json.loads(made_from.text) if made_from.is_lockfile else client.lockfile(build_id)
    text = None if made_from.is_lockfile else made_from.text
    return Moved(environment.namespace, environment.name, build_id, lockfile, text)


def declared(exported: Export, destination: str, into: str = "", *, by_specification: bool = False) -> Folder:
    """Return what the server at `destination` is to have, in the namespace `into` or each in its own.

    `by_specification` has it solved again there, except for what was made from a lockfile.
    """
    environments: list[Declared] = []
    unusable = [Unusable(name, reason) for name, reason in exported.left_out.items()]
    for moved in exported.environments:
        namespace = into or moved.namespace
        try:
            if by_specification and moved.specification is not None:
                parsed = parse_specification(moved.specification)
                text = specification_text({**parsed, "name": moved.name, "description": None})
            else:
                _require_reachable(moved.lockfile, destination)
                text = json.dumps(moved.lockfile)
        except CondaStoreLabError as error:
            unusable.append(Unusable(f"{moved.namespace}/{moved.name}", str(error)))
            continue
        locked = not by_specification or moved.specification is None
        environments.append(Declared(str(moved), namespace, moved.name, text, locked))
    return Folder(tuple(environments), tuple(unusable))


def write_export(exported: Export, file: Path) -> None:
    """Write a file, whole or not at all; CacheNotWritable and the like where that cannot be."""
    content = {"format": FORMAT, "version": VERSION, **asdict(exported)}
    try:
        with replaced(file) as sink:
            sink.write(json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise explain(error, file.parent) from None


def read_export(file: Path) -> Export:
    """Read a file; InvalidRequest for one that was not written here, or not whole."""
    try:
        content = json.loads(read_small(file, LARGEST))
    except OSError as error:
        raise InvalidRequest(
            f"{file} cannot be read ({error.strerror}); name a file that `local export` wrote."
        ) from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InvalidRequest(f"{file} holds no exported environments; name a file that `local export` wrote.")
    if content.get("version") != VERSION:
        raise InvalidRequest(
            f"{file} is in format {content.get('version')}, and this program reads {VERSION}; update it."
        )
    try:
        environments = tuple(Moved(**fields) for fields in content["environments"])
        return Export(str(content["server"]), environments, dict(content["left_out"]))
    except (LookupError, TypeError, ValueError):
        raise InvalidRequest(f"{file} was changed or cut short; export the environments again.") from None


def _require_reachable(lockfile: dict[str, Any], destination: str) -> None:
    """Raise InvalidRequest for packages that only this machine can reach, unless the other server is here."""
    if is_loopback(destination):
        return
    rows = lockfile.get("package")
    for row in rows if isinstance(rows, list) else []:
        url = str(row.get("url", "")) if isinstance(row, dict) else ""
        if url.startswith("file:") or is_loopback(url):
            raise InvalidRequest(
                "Its packages come from a channel of this machine, which the other server cannot reach; "
                "--by-specification has them solved there."
            )
