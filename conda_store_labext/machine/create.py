"""Makes a project's virtual environment: in a folder beside its place, which becomes it in one rename.

    <project>/
        .venv.making-<random>/     in the making; whoever was killed leaves it, the next one clears it away
        .venv/                     complete, or as it was before

An environment's scripts hold its path, so that of the staging folder gives way to the final one before.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import Conflict, InvalidRequest, NotFound
from ..errors.os_errors import os_errors_explained
from ..models import CreateRequest
from ..models.providers import Check, Report
from ..specifications.toml_text import parse_toml, table, texts
from ..store.files import read_small, replaced
from ..store.layout import children, delete
from ..store.lock import FileLock
from .finder import PROJECT_FILES, STAGED
from .installers import Installer, base_python, find_uv
from .naming import printable
from .prefixes import inspect, launchers

DEFAULT_NAME = ".venv"
LOCK = ".conda-store-making"
MAX_TEXT = 1024 * 1024  # bytes of a script that may hold the environment's path
IPYKERNEL = "ipykernel"


def project_file(folder: Path) -> str:
    """Return the name of a folder's file that says which packages its environment has; empty for none."""
    return next((name for name in PROJECT_FILES if (folder / name).is_file()), "")


def create(
    request: CreateRequest,
    report: Report,
    check: Check,
    uv: Callable[[], str | None] = find_uv,
    packages: Sequence[str] = (),
    replaces: bool = False,
    groups: bool = True,
) -> Path:
    """Make the environment that is asked for and return its path.

    `packages` are what it gets without a file, `groups` tells whether a uv.lock's default groups (such as
    `dev`) are in. With `replaces`, it takes the place of what has its name once
    it is whole. Raises Conflict where something has its name, InvalidRequest, NotFound, NotConfigured,
    InstallFailed and whatever `check` raises; nothing half-done is left then.
    """
    with os_errors_explained(Path(printable(request.folder))):
        folder, name, file = _checked(request)
        target = folder / name
        if not replaces:
            _require_free(target)
        program = uv()
        # before anything is made, which takes a while without uv
        listed = list(packages) if packages and not file else None
        if file and file.suffix == ".toml" and not program:
            listed = _dependencies(file)
        python = request.python
        if python or not (program and _project_chooses(folder)):
            python = base_python(python)
        _sweep(folder, name)
        staged = folder / f"{name}{STAGED}{secrets.token_hex(4)}"
        staged.mkdir()  # says in a sentence where nothing can be written, as the programs do not
        staged.rmdir()

        def report_line(line: str) -> None:
            report(line.replace(staged.name, name))  # where it will be

        installer = Installer(folder, report_line, check, program)
        try:
            installer.make(staged, python, printable(folder.name) or "env")
            with FileLock(staged / LOCK):
                _fill(installer, staged, file, listed, groups)
                (staged / LOCK).unlink(missing_ok=True)
                if not (staged / ".gitignore").exists():
                    (staged / ".gitignore").write_text("*\n", "utf-8")
                _move_paths(staged, target)
                check()
                if replaces:
                    _replace(target, staged)
                else:
                    _require_free(target)
                    staged.rename(target)
        finally:
            delete(staged)
    return target


def _checked(request: CreateRequest) -> tuple[Path, str, Path | None]:
    folder = Path(request.folder)
    if "\0" in request.folder + request.name + request.file + request.python or not folder.is_absolute():
        raise InvalidRequest("The folder must be an absolute path; choose a folder.")
    if not folder.is_dir():
        raise NotFound(f"There is no folder {printable(str(folder))}; choose another one.")
    name = request.name or DEFAULT_NAME
    if "/" in name or name in (".", "..") or name.startswith("-") or STAGED in name or len(name) > 100:
        raise InvalidRequest(f"{printable(name)!r} cannot name an environment's folder; choose another.")
    file = folder / request.file if request.file else None
    if file and not file.is_file():
        raise NotFound(f"There is no file {printable(str(file))}; choose another one.")
    return folder, name, file


def _require_free(target: Path) -> None:
    if not os.path.lexists(target):
        return
    shown = printable(str(target))
    try:
        environment = inspect(target)
    except (OSError, ValueError):
        environment = None
    if environment:
        raise Conflict(f"{shown} is an environment already; use it, or remove it first.")
    raise Conflict(f"{shown} already exists and is not an environment; choose another name.")


def _replace(target: Path, staged: Path) -> None:
    """Put what was made in the place of what has its name, which is deleted."""
    aside = target.with_name(f"{target.name}{STAGED}removed-{os.getpid()}")
    target.rename(aside)
    try:
        staged.rename(target)
    except OSError:
        aside.rename(target)
        raise
    delete(aside)


def _project_chooses(folder: Path) -> bool:
    """Tell whether the project says which Python it wants, so that uv is to look for it."""
    if (folder / ".python-version").is_file():
        return True
    with suppress(OSError):
        return b"requires-python" in read_small(folder / "pyproject.toml", MAX_TEXT)
    return False


def _sweep(folder: Path, name: str) -> None:
    """Clear away what was in the making when its maker was killed."""
    for left in children(folder):
        if left.name.startswith(f"{name}{STAGED}") and (left / LOCK).is_file():
            lock = FileLock(left / LOCK)
            if lock.try_acquire():
                with lock:
                    delete(left)


def _fill(
    installer: Installer, staged: Path, file: Path | None, listed: list[str] | None, groups: bool
) -> None:
    if file and file.name == "uv.lock":
        installer.sync(staged, file, groups)
    elif listed is not None:
        if listed:
            installer.install(staged, listed)
    elif file:
        installer.install(staged, file=file)
    if not launchers(staged):
        installer.install(staged, [IPYKERNEL])


def _dependencies(file: Path) -> list[str]:
    """Return the dependencies that a pyproject.toml lists for pip, which does not read them itself."""
    if file.name != "pyproject.toml":
        raise InvalidRequest(f"{file.name} can only be read by uv; install uv, or choose a requirements.txt.")
    try:
        project = table(parse_toml(file.read_text("utf-8"), str(file)), "project")
        if "dependencies" in texts(project.get("dynamic")):
            raise InvalidRequest(
                f"{file} computes its dependencies when it is built; install uv, "
                "or choose a requirements.txt."
            )
        return [str(Requirement(dependency)) for dependency in texts(project.get("dependencies"))]
    except (UnicodeDecodeError, InvalidRequirement):
        raise InvalidRequest(f"The dependencies in {file} are not understood; correct that file.") from None


def _move_paths(staged: Path, target: Path) -> None:
    """Put the final path in place of the staging one in the scripts and settings that hold it."""
    old, new = os.fsencode(staged), os.fsencode(target)
    settings = [staged / "pyvenv.cfg", *staged.glob("share/jupyter/kernels/*/kernel.json")]
    for file in (*children(staged / "bin"), *settings):
        if file.is_symlink() or not file.is_file():
            continue
        try:
            text = read_small(file, MAX_TEXT)
        except OSError:  # a program
            continue
        if old in text and b"\0" not in text:
            # not in place: uv's files are links to its cache
            with replaced(file, file.stat().st_mode & 0o7777) as changed:
                changed.write(text.replace(old, new))
