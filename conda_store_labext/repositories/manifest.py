"""The file of a repository that says what its notebooks need, and the specification that it becomes.

Locks come before what they were made from; else the order is that of repo2docker. If there is a folder
`binder` or `.binder`, files are looked for there alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ..errors import InvalidRequest, NotFound, UnsuitableLockfile
from ..models import PassedOver
from ..specifications.convert import convert
from ..specifications.digest import digest
from ..specifications.kernel_package import package_name, with_kernel
from ..specifications.notes import NAMED
from ..specifications.script_block import MARK
from ..specifications.text import parse_specification, parse_yaml, requirements_of, specification_text
from .channels import channel_name
from .files import Files, text_of
from .locks import CONDA_LOCKS, PIXI_LOCK, Lock, read_lock, split_environment
from .manifest_text import code_of, joined, manifest_text

FOLDERS = ("binder", ".binder")
LOCKS = (*CONDA_LOCKS, PIXI_LOCK, "uv.lock", "pylock.toml")
PROJECTS = ("setup.cfg", "setup.py", "pyproject.toml", "DESCRIPTION")  # of the root alone
ORDER = (
    *LOCKS,
    *("environment.yml", "environment.yaml", "pixi.toml", "pyproject.toml", "Pipfile.lock", "Pipfile"),
    *("requirements.txt", "setup.cfg", "setup.py", "runtime.txt", "DESCRIPTION", "renv.lock"),
    *("Project.toml", "JuliaProject.toml"),
)
# what may say nothing of an environment, so that the files after it are looked at
PASSED_OVER = (*LOCKS[2:], *PROJECTS, "pixi.toml", "Pipfile", "Pipfile.lock", "runtime.txt", "renv.lock")
PROGRAMS = ("apt.txt", "postBuild", "start", "install.R", "Dockerfile", "default.nix")
NAME_LENGTH = 60  # characters of an environment's name


@dataclass(frozen=True)
class Manifest:
    """The chosen file, its specification (with a kernel's package), and `digest`, equal for equal needs.

    `notes` say what was not carried over. `lock` has the packages of a lockfile that an environment can be
    made of without a build. The specification is empty where conda-store cannot build it.
    """

    path: str
    specification: str
    is_lockfile: bool
    digest: str
    notes: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    lock: Lock | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that it names."""
        if self.lock is not None:
            return self.lock.channels
        if self.is_lockfile:
            metadata = parse_yaml(self.specification, "lockfile").get("metadata") or {}
            listed = metadata.get("channels") or []
            return tuple(str(each.get("url", "")) if isinstance(each, dict) else str(each) for each in listed)
        return tuple(map(str, parse_specification(self.specification).get("channels") or []))

    @property
    def packages(self) -> tuple[tuple[str, str], ...]:
        """The packages that it names, each with its channel, `pypi` for those of pip."""
        if self.lock is not None:
            return self.lock.named
        if self.is_lockfile:
            rows = parse_yaml(self.specification, "lockfile").get("package") or []
            listed = [
                (str(row.get("name", "")), str(row.get("manager", "")))
                for row in rows
                if isinstance(row, dict)
            ]
            channel = (self.channels or ("conda",))[0]
            return tuple(dict.fromkeys((name, "pypi" if how == "pip" else channel) for name, how in listed))
        conda, pip = requirements_of(parse_specification(self.specification))
        channel = (self.channels or ("",))[0]
        here = [
            (package_name(line), channel_name(line.split("::")[0] if "::" in line else channel))
            for line in conda
        ]
        return (*here, *((package_name(line), "pypi") for line in pip if not line.startswith("-")))

    def environment_name(self, repository: str) -> str:
        """Return the name under which everybody who opens the repository builds and finds this manifest."""
        name = re.sub(r"[^A-Za-z0-9_.-]+", "-", repository).strip("-.")[: NAME_LENGTH - 9] or "repository"
        return f"{name}-{self.digest[:8]}"

    def named(self, name: str) -> str:
        """Return the specification under another name; a lockfile has none."""
        if self.is_lockfile:
            return self.specification
        return specification_text({**parse_specification(self.specification), "name": name})


def find_manifest(files: Files, notebook: str | None = None, chosen: str | None = None) -> Manifest | None:
    """Return the manifest that is `chosen`, else the first of the order; None where there is none.

    `pixi.lock:NAME` chooses that environment of the file.
    A `notebook` is looked at for the requirements in its first cells. Raises InvalidRequest for a file that
    cannot be understood.
    """
    paths = frozenset(files.paths())
    environment = None
    if chosen and chosen not in paths:
        chosen, environment = split_environment(chosen)
    candidates = [chosen] if chosen else list(_candidates(files, paths, notebook))
    if chosen and chosen not in paths:
        raise NotFound(f"The repository has no file {chosen}; choose one that it has.")
    passed: list[PassedOver] = []
    manifest: Manifest | None = None
    for path in candidates:
        if manifest is not None:
            passed.append(PassedOver(path, f"{manifest.path} comes before it"))
            continue
        try:
            manifest = _manifest(files, path, environment)
        except InvalidRequest as error:
            if chosen or PurePosixPath(path).name not in PASSED_OVER:
                raise InvalidRequest(f"{path}: {error}") from None
            passed.append(PassedOver(path, str(error)))
    if manifest is None:
        return None
    if manifest.lock is not None and manifest.lock.environment is not None:
        path, used = manifest.path.partition(":")[0], manifest.lock.environment
        others = [
            PassedOver(f"{path}:{name}", f"the environment {used} is used") for name in manifest.lock.others
        ]
        passed = [*others, *passed]
    folder = _folder(paths)
    programs = [name for name in (joined(folder, name) for name in PROGRAMS) if name in paths]
    program_notes = [
        f"{name} is not run and not read; the environment comes without it." for name in programs
    ]
    return replace(manifest, notes=(*manifest.notes, *program_notes), passed_over=tuple(passed))


def _candidates(files: Files, paths: frozenset[str], notebook: str | None) -> Iterable[str]:
    folder = _folder(paths)
    for name in ORDER:
        if folder and name in PROJECTS:
            continue
        path = joined(folder, name)
        if path in paths:
            yield path
        elif path in files.links():
            raise InvalidRequest(f"{path} is a link, and links are not followed; put the file itself there.")
        if name == "setup.py" and notebook and MARK in code_of(files, notebook):
            yield notebook


def _folder(paths: frozenset[str]) -> str:
    """Return the folder that manifests are looked for in; InvalidRequest where two say to be that."""
    present = [name for name in FOLDERS if any(path.startswith(f"{name}/") for path in paths)]
    if len(present) > 1:
        raise InvalidRequest("The repository has both binder/ and .binder/; remove one of them.")
    return present[0] if present else ""


def _manifest(files: Files, path: str, environment: str | None = None) -> Manifest:
    if PurePosixPath(path).name == PIXI_LOCK:
        lock = read_lock(path, text_of(files, path), environment)
        return Manifest(f"{path}:{lock.environment}", "", True, lock.digest, lock=lock)
    text, notes = manifest_text(files, path)
    conversion = convert(path, text)
    # the name is that of the repository
    notes = [*(note for note in conversion.notes if not note.startswith(NAMED)), *notes]
    if conversion.is_lockfile:
        lock_digest = digest(conversion.specification, True)
        try:
            lock = read_lock(path, text)
        except UnsuitableLockfile as error:
            return Manifest(
                path, conversion.specification, True, lock_digest, (*notes, f"It has to be built: {error}")
            )
        return Manifest(path, conversion.specification, True, lock_digest, tuple(notes), lock=lock)
    specification, kernel = with_kernel(conversion.specification)
    if kernel:
        notes.append(f"{kernel} was added, because nothing that is listed brings a kernel.")
    return Manifest(path, specification, False, digest(specification, False), tuple(notes))
