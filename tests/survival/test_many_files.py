"""More files than any environment has: refused before they fill the disk with names."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pytest

from conda_store_labext.errors import UnsafeArchive
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
from tests.pipeline.archives import member, tar

from .invariants import Watch
from .points import LONG
from .upstream import Upstream

NUMBER = 1_000_000
NAME = b"empty/0000000"
CHECKSUM = slice(148, 156)


def empty_files(number: int) -> Iterator[bytes]:
    """Yield the headers of so many empty files, each with a checksum of its own."""
    header = bytearray(tar(member(NAME.decode()))[:512])
    assert header.startswith(NAME)
    header[CHECKSUM] = b" " * 8
    rest = sum(header) - sum(NAME)
    for at in range(number):
        name = b"empty/%07d" % at
        header[: len(name)] = name
        header[CHECKSUM] = b"%06o\0 " % (rest + sum(name))
        yield bytes(header)


@pytest.mark.skipif(not LONG, reason="half a million files take half a minute: a part of make survival")
def test_a_million_empty_files(job: Job, upstream: Upstream, watch: Watch) -> None:
    good, packer = upstream.body, zlib.compressobj(1, wbits=31)
    upstream.body = b"".join(
        [*map(packer.compress, empty_files(NUMBER)), packer.compress(bytes(1024)), packer.flush()]
    )
    most = 0

    def look(files: int) -> None:
        nonlocal most
        most = max(most, files)

    with pytest.raises(UnsafeArchive, match="more than 500,000 files") as refused:
        Worker().run(job, lambda progress: look(progress.files))
    assert 0 < most <= job.limits.files
    watch.after(refused.value.message, ready=0)
    upstream.body = good
    Worker().run(job)
    watch.after(ready=1)
