"""A repository as it is looked at before anything of it is used: what it is, needs and runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..copies.services import Services
from ..errors import CondaStoreLabError, RepositoryUnreachable
from .address import Address
from .choice import Choice
from .clone import StagedClone
from .environment import choose_environment
from .files import Files, FolderFiles
from .git import Git
from .manifest import Manifest, find_manifest
from .messages import harmless
from .notebooks import Opened, alike_but_for_case, choose_opened
from .policy import Policy
from .revision import Revision
from .source import Source
from .trust import starts_with_a_kernel, tracked_environments
from .worktree import worktree_of


@dataclass(frozen=True)
class Wanted:
    """The user's wishes for a repository, besides its address; paths are from the repository's root."""

    notebook: str | None = None
    environment: str | None = None
    manifest: str | None = None


@dataclass(frozen=True)
class Look:
    """A look at a repository; `staged` is the clone without files, None for a folder that is opened as it is.

    `warnings` are sentences about what is worth knowing before a yes. `is_away` says that the host
    could not be asked.
    """

    address: Address
    files: Files
    opened: Opened
    manifest: Manifest | None
    choice: Choice
    warnings: tuple[str, ...]
    revision: Revision | None = None
    author: str | None = None
    staged: StagedClone | None = None
    is_away: bool = False


def opens_in_place(git: Git, source: Source) -> bool:
    """Tell whether a folder of this machine is opened where it lies: a work tree, at what is checked out."""
    folder = source.address.folder
    if folder is None or not folder.is_dir():
        return False
    if not (folder / ".git").exists():
        # a bare repository has its parts at the top
        return source.ref is None and not ((folder / "HEAD").is_file() and (folder / "objects").is_dir())
    if source.ref is None:
        return True
    try:
        names = {
            git.text("rev-parse", "--abbrev-ref", "HEAD", folder=folder),
            git.text("rev-parse", "HEAD", folder=folder),
        }
    except CondaStoreLabError:
        return False
    return source.ref in names


@contextmanager
def looking(
    services: Services,
    git: Git,
    source: Source,
    target: Path | None,
    wanted: Wanted,
    policy: Policy | None = None,
) -> Iterator[Look]:
    """Look at a repository; a clone that is not published meanwhile is removed at the end.

    `target` is the folder that it is cloned to, None for a folder that is opened where it lies. A clone that
    is there already is looked at as it is while its host cannot be reached. Raises what `StagedClone.fetch`,
    `find_manifest` and `choose_environment` raise.
    """
    policy = policy or Policy()
    if target is None:
        folder = source.address.folder
        assert folder is not None
        yield _seen(services, source, FolderFiles(folder), wanted, policy, folder)
        return
    with StagedClone(git, source.address, target.parent) as staged:
        try:
            revision = staged.fetch(source.ref)
        except RepositoryUnreachable as error:
            if not (target / ".git").exists():
                raise
            worktree_of(git, target, source.address)
            seen = _seen(services, source, FolderFiles(target), wanted, policy, target)
            away = f"{error} What is in {target} is opened as it is."
            yield replace(seen, warnings=(away, *seen.warnings), is_away=True)
            return
        author = git.text(
            *("show", "--no-patch", "--format=%an, %ad", "--date=short", revision.commit),
            folder=staged.folder,
        )
        yield _seen(
            services, source, staged.files(), wanted, policy, target, revision, harmless(author), staged
        )


def _seen(
    services: Services,
    source: Source,
    files: Files,
    wanted: Wanted,
    policy: Policy,
    folder: Path,
    revision: Revision | None = None,
    author: str | None = None,
    staged: StagedClone | None = None,
) -> Look:
    paths = files.paths()
    opened = choose_opened(files, wanted.notebook or source.notebook)
    asked = wanted.environment or source.environment
    # an environment that is asked for needs no manifest, so that a broken one is not in its way
    try:
        manifest = find_manifest(files, opened.path if opened.is_notebook else None, wanted.manifest)
    except CondaStoreLabError:
        if not asked:
            raise
        manifest = None
    choice = choose_environment(services, files, opened, manifest, source.address, asked, policy, folder)
    return Look(
        source.address,
        files,
        opened,
        manifest,
        choice,
        tuple(_warnings(paths, opened)),
        revision,
        author,
        staged,
    )


def _warnings(paths: tuple[str, ...], opened: Opened) -> Iterator[str]:
    for path in starts_with_a_kernel(paths, opened.folder):
        yield f"{path} would run as soon as a kernel starts beside it, before any cell."
    for folder in tracked_environments(paths):
        yield f"{folder} came with the repository and passes for an environment; it is not used."
    for first, second in alike_but_for_case(paths):
        yield f"{first} and {second} differ in upper and lower case alone, so some disks hold one of them."
