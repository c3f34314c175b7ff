"""Opening what was looked at: its files in their place, its environment here, its notebook in a session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ..copies.copies import Copies
from ..copies.services import Services
from ..errors import CondaStoreLabError, Conflict, NoKernel, NotFound, UnsuitableLockfile
from ..models import Kernel, LocalCopy
from .choice import Choice
from .git import Git
from .jupyter import JupyterServer, server_for, start_server
from .look import Look, opens_in_place
from .notebooks import Opened
from .revision import Kind
from .source import Source
from .update import FolderState, Outcome, update

MOST_BESIDE = 100  # folders that one repository is cloned to
T = TypeVar("T")
POINTER = b"version https://git-lfs.github.com/spec/v1"


@dataclass(frozen=True)
class Session:
    """The page for the browser to show: `kernel` is the one that a notebook is on, None for everything else.

    `message` says in a sentence what is otherwise than asked for.
    """

    url: str
    server: JupyterServer
    path: str
    kernel: str | None = None
    message: str | None = None


def target_folder(
    git: Git, source: Source, into: Path | None = None, *, beside: bool = False, parent: Path | None = None
) -> Path | None:
    """Return the folder to clone to; None where a folder of this machine is opened as it lies there.

    A clone that was made earlier under `name.git` is the same one. With `beside` it is a new folder.
    """
    if into is None and not beside and opens_in_place(git, source):
        return None
    name = source.address.name
    target = into.absolute() if into else (parent or Path.cwd()).absolute() / name
    if not beside:
        earlier = target.with_name(f"{name}.git")
        return earlier if into is None and not target.exists() and (earlier / ".git").exists() else target
    for number in range(2, MOST_BESIDE):
        other = target.with_name(f"{target.name}-{number}")
        if not other.exists():
            return other
    raise Conflict(f"There are {MOST_BESIDE} folders beside {target} already; remove some of them.")


def put_in_place(
    git: Git, look: Look, source: Source, target: Path | None, unsaved: Iterable[str] = ()
) -> FolderState:
    """Have the files where they are worked with: cloned, updated, or as they are; raises what those raise."""
    if target is None:
        folder = look.address.folder
        return FolderState(str(folder), Outcome.LOCAL, None, f"{folder} is opened where it is.")
    if look.is_away or look.staged is None:
        return FolderState(str(target), Outcome.KEPT, None, f"{target} is opened as it is.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        commit = look.revision is not None and look.revision.kind is Kind.COMMIT
        ref = look.revision.commit if look.revision and commit and source.ref else source.ref
        return update(git, target, look.address, ref, unsaved)
    look.staged.git = git
    look.staged.publish(target)
    assert look.revision is not None
    pointers = pointers_in(target)
    message = f"{target} was cloned at {look.revision}."
    if pointers:
        message += (
            f" {len(pointers)} of its files are pointers of Git LFS; `git lfs pull` there fetches their data."
        )
    return FolderState(str(target), Outcome.CLONED, look.revision.commit, message)


def pointers_in(folder: Path) -> tuple[str, ...]:
    """Return the files of a clone that hold no data but where Git LFS would fetch it from."""
    attributes = [path for path in folder.rglob(".gitattributes") if ".git" not in path.parts]
    if not any(b"filter=lfs" in path.read_bytes() for path in attributes if not path.is_symlink()):
        return ()
    pointers = []
    for path in sorted(folder.rglob("*")):
        if ".git" in path.relative_to(folder).parts or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size < 1024 and path.read_bytes().startswith(POINTER):
            pointers.append(path.relative_to(folder).as_posix())
    return tuple(pointers)


def fetch_environment(services: Services, choice: Choice) -> LocalCopy:
    """Have the chosen environment here with its kernels; raises what the manager raises."""
    reference = choice.reference
    if reference is None:
        raise NotFound(choice.message)
    if choice.here is not None:
        return Copies(services.store, services.registry).launchable(choice.here)
    if choice.job is not None:
        try:
            return services.manager.wait(services.manager.start_file(choice.job).key)
        except UnsuitableLockfile as error:
            if choice.target is None:
                raise
            raise UnsuitableLockfile(f"{error} With --build, conda-store builds it.") from None
    return services.manager.wait(services.manager.start(reference).key)


def in_background(work: Callable[[], T]) -> Future[T]:
    """Begin to do something while the files are cloned."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except CondaStoreLabError as error:
            future.set_exception(error)
        except BaseException as error:
            future.set_exception(error)
            raise

    threading.Thread(target=run, name="conda-store-open", daemon=True).start()
    return future


def kernel_for(kernels: Sequence[Kernel], language: str | None, environment: object) -> Kernel:
    """Return an environment's kernel of a notebook's language, else its first; NoKernel when it has none."""
    if not kernels:
        raise NoKernel(
            f"{environment} has no kernel; add the package that brings one to the manifest, e.g. ipykernel."
        )
    return next((kernel for kernel in kernels if kernel.language.lower() == language), kernels[0])


def show(folder: Path, opened: Opened, kernels: Sequence[Kernel], environment: object) -> Session:
    """Have a Jupyter server show what was opened, a notebook with its kernel; start one if none can.

    Raises NoKernel, and what `start_server` raises.
    """
    kernel = kernel_for(kernels, opened.language, environment) if opened.is_notebook else None
    server = server_for(folder) or start_server(folder)
    path = server.path_of(folder / opened.path) if opened.path else server.path_of(folder)
    if kernel is None:
        return Session(server.page(path), server, path)
    actual, is_new = server.session(path, kernel.name)
    message = None
    if not is_new and actual != kernel.name:
        message = (
            f"{opened.path} is open on the kernel {actual} already, which stays; choose "
            f"{kernel.display_name} in its toolbar when your work there is done."
        )
    return Session(server.page(path), server, path, actual, message)
