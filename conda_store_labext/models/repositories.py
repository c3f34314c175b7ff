"""A git repository as it is looked at and opened: what is asked for, what was seen, how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from .status import ErrorInfo


@dataclass(frozen=True)
class RepositoryRequest:
    """A repository to look at; what is empty is left to the repository.

    `repository` is an address, a folder or a link. `path` (of a notebook) and `manifest` are from its root,
    `environment` is `namespace/name` or `namespace/name:build`. `folder` is where a clone goes, a path of
    Jupyter's files; with `beside` into a folder of its own there.
    """

    repository: str
    ref: str = ""
    path: str = ""
    environment: str = ""
    manifest: str = ""
    folder: str = ""
    beside: bool = False


@dataclass(frozen=True)
class OpenRequest(RepositoryRequest):
    """A repository to open, as it was seen: `seen` is what the look at it gave.

    `trust` says that its code may run here, `build` that its environment may be built, or made of the
    packages that its files name. `unsaved` are paths of files that are changed in an editor: an update
    leaves them alone.
    """

    seen: str = ""
    trust: bool = False
    build: bool = False
    unsaved: tuple[str, ...] = ()


@dataclass(frozen=True)
class RepositoryPackage:
    """A package that a manifest names; `is_new` tells that the user never said yes to it from there."""

    name: str
    channel: str
    is_new: bool


@dataclass(frozen=True)
class PassedOver:
    """A file that could have been the manifest, and why it is not."""

    path: str
    why: str


@dataclass(frozen=True)
class RepositoryManifest:
    """The file that says what notebooks need, and the specification that it becomes.

    `notes` say what was not carried over, `moved` what comes from conda instead of by pip.
    """

    path: str
    specification: str
    is_lockfile: bool
    channels: tuple[str, ...]
    packages: tuple[RepositoryPackage, ...]
    notes: tuple[str, ...]
    moved: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True)
class RepositoryLook:
    """A repository as it was looked at; nothing of it was used.

    `revision` says in words which commit it is, both null for a folder that is opened where it lies. `folder`
    is where the files will be, a path of Jupyter's files; `exists` tells that it is there already. `state` of
    the environment is `here`, `built`, `building`, `locked` (it is made of a lockfile's packages), `machine`
    (it is made in its folder, by tools of this machine), `missing` (it can be built) or `none`; `message` is
    the sentence for that. `size` is the archive's, the copy's or that of all packages. `seen` stands for all
    of this in a request to open it, and `query` in a link to it.
    """

    repository: str
    ref: str
    path: str
    is_notebook: bool
    notebooks: tuple[str, ...]
    commit: str | None
    revision: str | None
    author: str | None
    folder: str
    exists: bool
    manifest: RepositoryManifest | None
    warnings: tuple[str, ...]
    environment: str | None
    state: str
    message: str
    size: int | None
    trusted: bool
    seen: str
    query: str


@dataclass(frozen=True)
class OpenedRepository:
    """The document to show: `path` of Jupyter's files, and the `kernel` that a notebook is to have.

    `messages` say what became of the folder.
    """

    path: str
    is_notebook: bool
    kernel: str | None
    folder: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class RepositoryStep:
    """A step of a visit: `name` is look, build, clone, fetch, make, commit or push.

    `state` is running, done or failed, `share` how many percent are done.
    """

    name: str
    state: str
    detail: str
    share: int | None


@dataclass(frozen=True)
class ChangesRequest:
    """A question about a clone: `path` (of Jupyter's files) is the clone's, or of something in it.

    `packages` of conda and `pip` requirements are to be added to its manifest, and what was added to the
    build whose copy has the key `additions`. `lock` (`namespace/name` or `namespace/name:build`) names the
    build whose lockfile is to be written beside the manifest.
    """

    path: str
    packages: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    additions: str = ""
    lock: str = ""


@dataclass(frozen=True)
class WriteBackRequest(ChangesRequest):
    """A request to commit and push: `files` from the clone's root, all that changed if none is named.

    `branch` is a new one, empty for the one that is checked out. `author` (`Name <mail>`) counts once.
    """

    files: tuple[str, ...] = ()
    message: str = ""
    branch: str = ""
    author: str = ""


@dataclass(frozen=True)
class RepositoryChanges:
    """Changes to write back: `diff` is unified; `branch` is checked out, null for a commit by itself.

    `new_branch` is a name that no branch has. `author` tells whether git knows who commits. `lockfile` is the
    path of the one beside the manifest, null where there is none. `left_out` names what was added and cannot
    be listed.
    """

    folder: str
    files: tuple[str, ...]
    diff: str
    branch: str | None
    new_branch: str
    author: bool
    lockfile: str | None
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class WrittenBack:
    """A commit, and where it went: `pushed_to` an address, else it is saved as `saved_in` and `why` says so.

    `request` is the address at which a pull request is opened.
    """

    branch: str
    commit: str
    pushed_to: str | None
    request: str | None
    saved_in: str | None
    why: str | None


@dataclass(frozen=True)
class Visit:
    """A look, an opening or a writing back under way: `state` is running, ready, failed or cancelled.

    `build_id` is the build that is waited for, whose log can be read.
    """

    id: str
    state: str
    steps: tuple[RepositoryStep, ...]
    build_id: int | None
    look: RepositoryLook | None
    opened: OpenedRepository | None
    written: WrittenBack | None
    error: ErrorInfo | None


@dataclass(frozen=True)
class RepositoryNames:
    """The branches and tags of a repository, and the branch that it shows first."""

    default: str | None
    branches: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class RepositoryLink:
    """The query of a link to a file or folder of a clone; `badge` is the address of its picture."""

    query: str
    name: str
    badge: str
