"""Copies of lockfiles and archives that lie in the Jupyter server's folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ..errors import NotFound, NotTrusted
from ..models import FileCopyRequest, LocalCopy
from ..notebooks.folder_default import below
from ..pipeline.packages.job import FileJob
from ..pipeline.packages.local_file import file_job
from .base import CondaStoreHandler
from .operation import operation


class FileCopiesHandler(CondaStoreHandler):
    """The copy of a file."""

    @operation(LocalCopy, status=202, body=FileCopyRequest)
    async def post(self, body: FileCopyRequest) -> LocalCopy:
        """Start to make the environment of a lockfile or an archive, or join who does.

        Answers before it is done; 403 (`not_trusted`) until the user has said that its code may run here.
        """
        return await self.call(self._start, body)

    def _start(self, body: FileCopyRequest) -> LocalCopy:
        root = getattr(self.contents_manager, "root_dir", None)
        if not root:
            raise NotFound("This Jupyter server keeps no files on its disk; use `jupyter conda-store pull`.")
        services = self.services
        path = below(Path(root).resolve(), body.path)
        share = services.settings.link_files
        job = file_job(path, services.store.root, body.name, body.environment, share=share)
        if not body.trusted and services.store.get(job.build.copy_key) is None:
            raise NotTrusted(_question(job))
        return services.manager.start_file(job)


def _question(job: FileJob) -> str:
    """Return what the user is to know before a file's environment is made."""
    hosts = sorted({urlsplit(package.url).hostname or "" for package in job.packages} - {""})
    brings = f"{len(job.packages)} packages" if job.packages else "an environment"
    origin = f" from {', '.join(hosts)}" if hosts else ""
    return (
        f"{job.file.name} brings {brings}{origin}, whose code runs here with all that you may do; say that "
        "you trust it."
    )
