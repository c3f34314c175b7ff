"""A file that environments come from without any conda-store: a lockfile, or an archive.

Its copy is one of a build all the same: of the environment `files/<name>`, with a number that is made of the
packages in it. The same lockfile under the same name is the same copy on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from ...errors import InvalidRequest, UnsuitableLockfile
from ...models.build_ref import BuildRef
from ...store.files import read_small
from ..inflate import GZIP, TAR_MAGIC, ZSTD
from ..limits import MIB, Limits
from .job import FileJob
from .locked import LockedEnvironment, LockedPackage
from .lockfiles import MAX_LENGTH, read_lockfile
from .virtual import require_machine

SERVER, NAMESPACE = "file:", "files"
NAMES = 3  # of what is missing, in a sentence
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_ENDINGS = (".tar.gz", ".tar.zst", ".tgz", ".tar", ".lock", ".yml", ".yaml", ".json", ".txt")
_PLAIN = ("conda-lock", "pixi", "environment", "explicit", "requirements", "env")


def looks_like_file(text: str) -> bool:
    """Tell whether what was named is a file of this machine, rather than an environment of conda-store's.

    Those have names like `ml/gpu.lock` too, but seldom a file of that name beside them.
    """
    return text.endswith(_ENDINGS) and (Path(text).is_file() or text.startswith(("/", "./", "../")))


def file_job(
    path: Path,
    root: Path,
    name: str | None = None,
    environment: str | None = None,
    *,
    share: bool = True,
    limits: Limits | None = None,
) -> FileJob:
    """Return the job of making the copy of a file; nothing is fetched so far.

    `name` is what the environment is to be called, by default after the file or its folder; `environment`
    the one that is meant in a pixi.lock. Raises InvalidRequest, UnsuitableLockfile and BadArchive.
    """
    limits = limits or Limits()
    try:
        with path.open("rb") as file:
            head = file.read(TAR_MAGIC.stop)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read ({error.strerror}); name a file that can.") from None
    locked: LockedEnvironment | None
    pack = head.startswith((GZIP, ZSTD)) or head[TAR_MAGIC] == b"ustar"
    if pack:
        from .pack import read_pack

        if environment is not None:
            raise InvalidRequest("Only a pixi.lock has environments with names; leave the name out.")
        locked = read_pack(path, limits)
    else:
        locked = read_lockfile(_text(path), environment)
    if locked is not None:
        require_conda(locked, path)
    name = name or _name_of(path, environment)
    packages = locked.packages if locked else ()
    digest = digest_of(packages) if locked else _digest_of_file(path)
    return FileJob(
        build=build_of(name, digest),
        root=root,
        file=path.absolute(),
        packages=packages,
        pack=pack and locked is not None,
        limits=limits,
        share=share,
    )


def build_of(name: str, digest: str) -> BuildRef:
    """Return the build that stands for a file's environment; `digest` is that of what is in it."""
    if not _NAME.fullmatch(name):
        raise InvalidRequest(f"{name!r} cannot name an environment; give one with letters and digits.")
    number = int(hashlib.sha256(f"{name}\0{digest}".encode()).hexdigest()[:8], 16)
    return BuildRef(SERVER, NAMESPACE, name, number)


def digest_of(packages: Iterable[LockedPackage]) -> str:
    """Return the SHA-256 of packages, whatever their order and wherever they come from."""
    listed = sorted(f"{package.file} {package.digest}" for package in packages)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def require_conda(locked: LockedEnvironment, path: Path) -> None:
    """Raise UnsuitableLockfile unless conda's packages are all that a lockfile has."""
    if not locked.packages:
        raise UnsuitableLockfile(f"{path.name} holds no conda packages, so there is nothing to install.")
    if locked.pip:
        named = ", ".join(sorted(locked.pip)[:NAMES]) + (" and others" if len(locked.pip) > NAMES else "")
        raise UnsuitableLockfile(
            f"{path.name} has packages that are not conda's ({named}), without which the environment would "
            "not be the one that was locked; have conda-store build it, or lock without them."
        )
    require_machine(locked.packages)


def _text(path: Path) -> str:
    try:
        return read_small(path, MAX_LENGTH).decode("utf-8")
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read ({error.strerror}); name a file that can.") from None
    except UnicodeDecodeError:
        raise InvalidRequest(
            f"{path} is neither a lockfile nor an archive of an environment (tar, tar.gz, tar.zst)."
        ) from None


def _name_of(path: Path, environment: str | None) -> str:
    stem = path.name
    for ending in _ENDINGS:
        stem = stem.removesuffix(ending)
    if stem in _PLAIN:
        stem = path.absolute().parent.name
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem).strip("-._")[:80] or "environment"
    return f"{stem}-{environment}" if environment and environment != "default" else stem


def _digest_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(MIB):
            digest.update(chunk)
    return digest.hexdigest()
