"""A repository's conda-lock.yml or pixi.lock as the packages of an environment that needs no build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import UnsuitableLockfile
from ..pipeline.packages.job import FileJob
from ..pipeline.packages.local_file import build_of, digest_of, require_conda
from ..pipeline.packages.locked import LockedEnvironment, LockedPackage
from ..pipeline.packages.lockfiles import DEFAULT, MAX_LENGTH, read_lockfile
from ..specifications.kernel_package import brings_kernel
from ..specifications.text import parse_yaml
from .channels import channel_of

CONDA_LOCKS = ("conda-lock.yml", "conda-lock.yaml")
PIXI_LOCK = "pixi.lock"


@dataclass(frozen=True)
class Lock:
    """The packages that a lockfile names for this machine; `environment` is the one of a pixi.lock.

    `others` are the other environments that the file has.
    """

    packages: tuple[LockedPackage, ...]
    environment: str | None = None
    others: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of the packages."""
        return digest_of(self.packages)

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels that packages come from."""
        return tuple(dict.fromkeys(map(channel_of, self.packages)))

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """The packages, each with its channel."""
        return tuple((package.name, channel_of(package)) for package in self.packages)

    def job(self, path: str, name: str, root: Path, *, trusted: bool, share: bool) -> FileJob:
        """Return the job of making an environment of it; `path` is the file's in the repository."""
        return FileJob(
            build=build_of(name, self.digest),
            root=root,
            file=Path("/", path),  # which is not read any more
            packages=self.packages,
            share=share,
            trusted=trusted,
        )


def split_environment(chosen: str) -> tuple[str, str | None]:
    """Split `pixi.lock:ENVIRONMENT` into the file and the environment."""
    path, colon, environment = chosen.rpartition(":")
    return (path, environment) if colon and PurePosixPath(path).name == PIXI_LOCK else (chosen, None)


def read_lock(path: str, text: str, environment: str | None = None) -> Lock:
    """Return the packages of a lockfile; `environment` names one of a pixi.lock.

    Raises UnsuitableLockfile for what is not conda's packages alone, or not for this machine.
    """
    others: tuple[str, ...] = ()
    if PurePosixPath(path).name == PIXI_LOCK:
        names = _environments(text)
        environment = environment or _with_kernel(text, names)
        others = tuple(name for name in names if name != environment)
    locked = _read(path, text, environment)
    return Lock(locked.packages, environment, others)


def _read(path: str, text: str, environment: str | None) -> LockedEnvironment:
    locked = read_lockfile(text, environment)
    require_conda(locked, Path(path))
    return locked


def _environments(text: str) -> tuple[str, ...]:
    """Return the names in a pixi.lock, `default` first."""
    environments = parse_yaml(text, "lockfile", MAX_LENGTH).get("environments")
    if not isinstance(environments, dict) or not environments:
        raise UnsuitableLockfile("The pixi.lock has no environments; lock again.")
    return tuple(sorted(map(str, environments), key=lambda name: (name != DEFAULT, name)))


def _with_kernel(text: str, names: tuple[str, ...]) -> str:
    """Return the environment that a notebook can run on: `default`, else the only other one.

    Raises what reading `default` does where there is none.
    """
    able: list[str] = []
    first: UnsuitableLockfile | None = None
    for name in names:
        try:
            packages = _read(PIXI_LOCK, text, name).packages
        except UnsuitableLockfile as error:
            first = first or error
            continue
        if any(brings_kernel(package.name) for package in packages):
            able.append(name)
            if name == DEFAULT:
                return name
    if len(able) == 1:
        return able[0]
    if able:
        raise UnsuitableLockfile(
            f"Several of its environments bring a kernel; choose one, e.g. {PIXI_LOCK}:{able[0]}."
        )
    raise first or UnsuitableLockfile(
        f"None of its environments ({', '.join(names)}) has a package that brings a kernel; add ipykernel to "
        "one and lock again."
    )
