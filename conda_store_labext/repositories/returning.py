"""Writing back for somebody in a browser: what changed in a clone below the root of a Jupyter server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..errors import CondaStoreLabError, InvalidRequest
from ..models import ChangesRequest, RepositoryChanges, WriteBackRequest, WrittenBack
from ..notebooks.folder_default import below
from .additions import added
from .clone_link import top_of
from .git import Git
from .steps import Steps
from .writeback import WriteBack

MOST_DIFF = 200_000  # characters that are shown


class Returning:
    """Shows, commits and pushes what the user has changed; every method may block."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def changes(self, request: ChangesRequest) -> RepositoryChanges:
        """Return what would be written back; nothing is changed for good."""
        back = self._back(request.path)
        with added(back.folder, request.packages, request.pip) as addition:
            files = sorted({*back.changed(), *([addition.manifest] if addition else [])})
            diff = back.difference(files) if files else ""
        folder = back.folder.relative_to(self._root).as_posix()
        return RepositoryChanges(
            folder="" if folder == "." else folder,
            files=tuple(files),
            diff=diff[:MOST_DIFF],
            branch=back.branch(),
            new_branch=back.new_branch(),
            author=back.knows_author(),
        )

    def write(self, request: WriteBackRequest, steps: Steps) -> WrittenBack:
        """Commit and push; what may not be pushed is saved as a patch and a bundle beside the clone."""
        back = self._back(request.path, steps)
        steps.run("commit")
        with added(back.folder, request.packages, request.pip) as addition:
            files = {*(request.files or back.changed()), *([addition.manifest] if addition else [])}
            paths = sorted(files)
            if not paths:
                raise InvalidRequest("Nothing has changed since the last commit; change something first.")
            message = request.message.strip() or f"Change {', '.join(paths)}"
            committed = back.commit(paths, message, request.branch or None, request.author or None)
            if addition:
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

    def _back(self, path: str, steps: Steps | None = None) -> WriteBack:
        top = top_of(below(self._root, path)).resolve()
        if not top.is_relative_to(self._root):
            raise InvalidRequest(f"{top.name} is above this server's folder; write it back in a terminal.")
        git = Git(str(top))
        return WriteBack(top, replace(git, cancelled=steps.cancelled) if steps else git)
