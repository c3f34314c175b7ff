"""A repository looked at and opened for somebody in a browser, below the root of a Jupyter server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..copies.services import Services
from ..errors import Conflict, InvalidRequest, NotTrusted
from ..models import (
    OpenedRepository,
    OpenRequest,
    RepositoryLook,
    RepositoryNames,
    RepositoryRequest,
)
from ..notebooks.folder_default import below
from ..store.trust import TrustFile
from .clone import git_for
from .git import Git
from .look import Look, Wanted, looking
from .messages import from_root, told_from_root
from .opening import in_background, kernel_for, put_in_place, target_folder
from .policy import Policy
from .preparation import Preparation
from .revision import names_of
from .seen import as_seen, is_trusted
from .source import Source, checked_ref, parse_source
from .steps import Steps

LOOK_AGAIN = 0.2  # seconds
CLONES_WITHIN = 600.0  # seconds
NAMES_WITHIN = 15.0  # seconds for the names of branches


@dataclass(frozen=True)
class _Seen:
    git: Git
    source: Source
    target: Path | None
    look: Look

    @property
    def mark(self) -> str:
        """Stand for what somebody saw and says yes to."""
        look, choice = self.look, self.look.choice
        parts = (
            look.address.identity,
            look.revision.commit if look.revision else None,
            look.manifest.digest if look.manifest else None,
            str(choice.reference or choice.target or (choice.venv and choice.venv.digest)),
            look.opened.path,
        )
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class Visits:
    """Looks and openings below the folder `root` of a Jupyter server's files; every method may block."""

    def __init__(self, services: Services, policy: Policy, root: Path) -> None:
        self._services = services
        self._policy = policy
        self._root = root.resolve()

    def names(self, repository: str) -> RepositoryNames:
        """Return the branches and tags of a repository; raises what `parse_source` and `Git.run` raise."""
        source = self._source(RepositoryRequest(repository))
        git = git_for(source.address, self._policy).within(NAMES_WITHIN)
        return names_of(git, self._root, source.address.url)

    def look(self, request: RepositoryRequest, steps: Steps) -> RepositoryLook:
        """Look at a repository; nothing of it stays, and nothing of it is used."""
        with told_from_root(self._root), self._looking(request, steps) as seen:
            look = seen.look
            target = seen.target or look.address.folder
            assert target is not None
            folder = _path(target.relative_to(self._root))
            warnings = tuple(from_root(text, self._root) for text in look.warnings)
            look = replace(look, warnings=warnings)
            return as_seen(self._services, look, seen.source, folder, seen.mark, exists=target.exists())

    def open(self, request: OpenRequest, steps: Steps) -> OpenedRepository:
        """Build if need be, clone and fetch at the same time; Conflict if it is not what was seen any more.

        Raises NotTrusted where nobody said that the repository's code may run here.
        """
        with told_from_root(self._root), self._looking(request, steps) as seen:
            look, source = seen.look, seen.source
            if request.seen != seen.mark:
                raise Conflict(f"{look.address} has changed since it was shown; look at it again.")
            if not is_trusted(look.address, source.address.identity):
                if not request.trust:
                    raise NotTrusted(f"Opening {look.address} runs what is in it; say that you trust it.")
                TrustFile().add(repository=source.address.identity)
            preparation = Preparation(self._services, steps)
            choice = preparation.built(look, request)
            fetched = None if choice.venv else in_background(lambda: preparation.fetched(choice))
            steps.run("clone")
            state = put_in_place(
                seen.git.within(CLONES_WITHIN), look, source, seen.target, self._unsaved(request, seen)
            )
            message = from_root(state.message, self._root)
            steps.done("clone", message)
            messages = [message]
            if fetched is not None:
                copy = fetched.result()
                environment, kernels = str(copy), copy.kernels
            else:
                made = preparation.made(choice, Path(state.folder))
                environment, kernels = made.environment.display_name, made.kernels
                messages += [from_root(made.message, self._root)] if made.message else []
            opened = look.opened
            kernel = kernel_for(kernels, opened.language, environment).name if opened.is_notebook else None
            folder = Path(state.folder).resolve().relative_to(self._root)
            return OpenedRepository(
                _path(folder / opened.path), opened.is_notebook, kernel, _path(folder), tuple(messages)
            )

    @contextmanager
    def _looking(self, request: RepositoryRequest, steps: Steps) -> Iterator[_Seen]:
        steps.run("look")
        source = self._source(request)
        git = replace(
            git_for(source.address, self._policy),
            cancelled=steps.cancelled,
            on_progress=lambda what, share: steps.run(_current(steps), what, share),
        )
        parent = below(self._root, request.folder)
        target = target_folder(git, source, beside=request.beside, parent=parent)
        folder = source.address.folder
        if target is None and folder and not folder.resolve().is_relative_to(self._root):
            if not (folder / ".git").exists():
                raise InvalidRequest(
                    f"{folder} is not below this server's folder {self._root}, so its notebooks cannot be "
                    "shown; open it with `jupyter conda-store open`."
                )
            target = parent / source.address.name
        elif target is None and folder:
            source = replace(source, address=replace(source.address, path=str(folder.resolve())))
        wanted = Wanted(None, None, request.manifest or None)
        with looking(self._services, git, source, target, wanted, self._policy) as look:
            steps.done("look")
            yield _Seen(git, source, target, look)

    def _source(self, request: RepositoryRequest) -> Source:
        """Return what a request names; what a pasted link says counts where the request says nothing."""
        text = request.repository.strip()
        if "://" not in text and text and not text.startswith(("/", "~")) and (self._root / text).is_dir():
            text = str(below(self._root, text))
        source = parse_source(text, self._policy)
        if source.address.credential:
            raise InvalidRequest(
                "Leave the password out of the address: git uses your own credentials, and the page must not "
                "show it to anybody."
            )
        return replace(
            source,
            ref=checked_ref(request.ref) if request.ref else source.ref,
            notebook=request.path or source.notebook,
            environment=request.environment or source.environment,
        )

    def _unsaved(self, request: OpenRequest, seen: _Seen) -> list[str]:
        """Return the unsaved files of the clone, by their paths from its root."""
        if seen.target is None:
            return []
        folder = f"{_path(seen.target.relative_to(self._root))}/"
        return [path.removeprefix(folder) for path in request.unsaved if path.startswith(folder)]


def _current(steps: Steps) -> str:
    """Return the step that git works for."""
    return "clone" if any(step.name == "clone" for step in steps.list()) else "look"


def _path(path: Path) -> str:
    """Return a path of Jupyter's files."""
    return "" if path == Path() else path.as_posix()
