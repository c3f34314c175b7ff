"""Writing back for somebody in a browser: what changed in a clone below the root of a Jupyter server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ..copies.services import Services
from ..errors import CondaStoreLabError, InvalidRequest
from ..models import ChangesRequest, RepositoryChanges, WriteBackRequest, WrittenBack
from ..models.reference import Reference
from ..notebooks.folder_default import below
from .additions import Addition, added, lines_for, lockfile_in
from .clone_link import top_of
from .git import Git
from .locking import lockfile_of
from .manifest import Manifest
from .steps import Steps
from .writeback import WriteBack

MOST_DIFF = 200_000  # characters that are shown


class Returning:
    """Shows, commits and pushes what the user has changed; every method may block."""

    def __init__(self, root: Path, services: Services) -> None:
        self._root = root.resolve()
        self._services = services

    def changes(self, request: ChangesRequest) -> RepositoryChanges:
        """Return what would be written back; nothing is changed for good."""
        back = self._back(request.path)
        with self._added(back.folder, request) as (addition, left_out):
            files = sorted({*back.changed(), *addition.files})
            diff = back.difference(files) if files else ""
        folder = back.folder.relative_to(self._root).as_posix()
        return RepositoryChanges(
            folder="" if folder == "." else folder,
            files=tuple(files),
            diff=diff[:MOST_DIFF],
            branch=back.branch(),
            new_branch=back.new_branch(),
            author=back.knows_author(),
            lockfile=lockfile_in(back.folder),
            left_out=left_out,
        )

    def write(self, request: WriteBackRequest, steps: Steps) -> WrittenBack:
        """Commit and push; what may not be pushed is saved as a patch and a bundle beside the clone."""
        back = self._back(request.path, steps)
        steps.run("commit")
        with self._added(back.folder, request) as (addition, _):
            files = {*(request.files or back.changed()), *addition.files}
            paths = sorted(files)
            if not paths:
                raise InvalidRequest("Nothing has changed since the last commit; change something first.")
            message = request.message.strip() or f"Change {', '.join(paths)}"
            committed = back.commit(paths, message, request.branch or None, request.author or None)
            addition.stays = True
        steps.done("commit")
        steps.run("push")
        try:
            pushed = back.push(committed)
        except CondaStoreLabError as error:
            name = f"{back.folder.name}-writeback"
            place = back.folder / name if back.folder == self._root else back.folder.with_name(name)
            back.save(committed, place)
            saved = place.relative_to(self._root).as_posix()
            return WrittenBack(committed.branch, committed.commit, None, None, saved, str(error))
        steps.done("push")
        return WrittenBack(committed.branch, committed.commit, pushed.repository, pushed.request, None, None)

    @contextmanager
    def _added(self, folder: Path, request: ChangesRequest) -> Iterator[tuple[Addition, tuple[str, ...]]]:
        """Have the request's packages in the manifest, and its lockfile beside it; give what is left out."""
        conda, pip = request.packages, request.pip
        left_out: tuple[str, ...] = ()
        if request.additions:
            lines = lines_for(folder, None, self._services.additions.get(request.additions))
            conda, pip, left_out = (*conda, *lines.conda), (*pip, *lines.pip), lines.left_out

        def lock(manifest: Manifest) -> str:
            client, named = self._services.upstream.client(), Reference.parse(request.lock)
            build = client.launchable(named.namespace, named.environment, named.build_id)
            return lockfile_of(client, build.id, manifest.path)

        with added(folder, conda, pip, lock=lock if request.lock else None) as addition:
            yield addition, left_out

    def _back(self, path: str, steps: Steps | None = None) -> WriteBack:
        top = top_of(below(self._root, path)).resolve()
        if not top.is_relative_to(self._root):
            raise InvalidRequest(f"{top.name} is above this server's folder; write it back in a terminal.")
        git = Git(str(top))
        return WriteBack(top, replace(git, cancelled=steps.cancelled) if steps else git)
