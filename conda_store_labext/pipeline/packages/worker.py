"""The worker process that makes copies of files, too; run as a module."""

from __future__ import annotations

import json
import os

from ...store.paths import ARCHIVE
from ...store.records import StoredCopy
from ..job import Job, of_this_version
from ..worker import Reporter, cancel_by_signal, main, run_archive
from .job import KIND, FileJob


def work(line: str, reporter: Reporter) -> StoredCopy:
    """Do the job in a line; SIGTERM makes it raise Cancelled."""
    with of_this_version():
        fields = json.loads(line)
        job = FileJob.from_fields(fields) if fields.pop("kind", None) == KIND else None
    if job is not None:
        return run_file(job, reporter)
    return run_build(Job.from_line(line), reporter)


def run_build(job: Job, reporter: Reporter) -> StoredCopy:
    """Bring a build here in the way that the job says."""
    if job.way != ARCHIVE:
        from .build import by_packages

        made = by_packages(job, reporter.progress, reporter.log, cancel_by_signal)
        if made is not None:
            return made
    return run_archive(job, reporter)


def run_file(job: FileJob, reporter: Reporter) -> StoredCopy:
    """Make the copy of a file."""
    from ...store.store import EnvironmentStore
    from ..pipeline import Pipeline
    from .archive_file import opened
    from .install import Installer
    from .pack import take_packages

    store = EnvironmentStore(job.root)
    pipeline = Pipeline(store, opened(job.file), job.limits, report=reporter.progress, share=job.share)
    if not job.packages:
        cancel_by_signal(pipeline.cancel)
        return pipeline.run(job.build)
    installer = Installer(
        store,
        job.packages,
        job.limits,
        reporter.progress,
        siblings=lambda: pipeline.siblings(job.build),
        trusted=job.trusted,
    )
    cancel_by_signal(installer.cancel)
    if job.pack and store.get(job.build.copy_key) is None:
        take_packages(job.file, job.packages, store, job.limits, installer.check)
    return installer.run(job.build)


if __name__ == "__main__":
    # a thread may still wait for the network: leave without it
    os._exit(main(work))
