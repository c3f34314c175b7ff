"""Faults of the connection and of the archive, in the pipeline as the worker runs it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import psutil
import pytest

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import BadArchive, CondaStoreLabError
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.download import Patience
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.pipeline import Pipeline
from conda_store_labext.pipeline.worker_process import Worker
from tests.pipeline.archives import gz, member, script, tar
from tests.pipeline.faulty import Fault, Handler, change, cut, slowly, stall, status

from .invariants import Watch, wait_for
from .points import points
from .upstream import Upstream, expiring_links

QUICK = Patience(delay=0.001, longest=0.01)
# where nothing comes, to see that it is noticed
HASTY = Patience(first_tries=4, tries=4, delay=0.001, longest=0.01)
SECONDS, HASTY_SECONDS, RESUMED_SECONDS = 120.0, 1.0, 5.0  # the last: enough for a busy machine's answer
Bring = Callable[..., "CondaStoreLabError | None"]


@pytest.fixture
def bring(upstream: Upstream, watch: Watch) -> Iterator[Bring]:
    """A function that brings the archive into the store and returns the error that this ended with."""
    before = _threads()
    clients = []

    def run(seconds: float = SECONDS) -> CondaStoreLabError | None:
        clients.append(CondaStoreClient(Connection(upstream.url, timeout=seconds)))
        source = partial(clients[-1].open_artifact, 1, "archive")
        patience = QUICK if seconds == SECONDS else replace(HASTY, stall=seconds)
        pipeline = Pipeline(watch.store, source, Limits(spare=0), patience)
        try:
            pipeline.run(BuildRef(upstream.url, "default", "demo", 1))
        except CondaStoreLabError as error:
            return error
        return None

    yield run
    for client in clients:
        client.close()
    port = int(upstream.url.split(":")[2].split("/")[0])
    assert wait_for(lambda: _threads() <= before), _threads() - before
    assert wait_for(lambda: not _connections(port)), _connections(port)


def _threads() -> set[threading.Thread]:
    """Return this process's threads without those of the server, which wait for its end."""
    threads = set(threading.enumerate())
    return {
        thread
        for thread in threads
        if "serve_forever" not in thread.name and "process_request" not in thread.name
    }


def _connections(port: int) -> list[int]:
    """Return this process's open connections to a port."""
    connections = psutil.Process().net_connections("tcp")
    return [
        connection.fd
        for connection in connections
        if tuple(connection.raddr)[1:] == (port,) and connection.status == "ESTABLISHED"
    ]


def survives(bring: Bring, watch: Watch, error: type[CondaStoreLabError], match: str = "") -> None:
    """Show that it fails with one kind of error and one sentence, leaves nothing, and works again."""
    failure = bring()
    assert isinstance(failure, error), failure
    assert match in failure.message
    watch.after(failure.message, ready=0)


def works(bring: Bring, watch: Watch) -> None:
    """Show that it works."""
    assert bring() is None
    watch.after(ready=1)


@points(20)
def test_cut(chance: random.Random, bring: Bring, upstream: Upstream, watch: Watch) -> None:
    upstream.ranges = chance.random() < 0.7
    cuts = [chance.randrange(len(upstream.body)) for _ in range(chance.randrange(1, 4))]
    upstream.faults = [cut(at) for at in sorted(cuts)]
    works(bring, watch)
    assert upstream.faults == []


def flipped(good: bytes, at: int, bit: int) -> bytes:
    """Return bytes of which one bit is another."""
    return good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]


@points(20)
def test_flipped(chance: random.Random, bring: Bring, upstream: Upstream, watch: Watch) -> None:
    good = upstream.body
    at, bit = (
        chance.randrange(32, len(good)),
        chance.randrange(8),
    )  # before: a date and a name that nobody needs
    upstream.body = flipped(good, at, bit)
    survives(bring, watch, BadArchive)
    upstream.body = good
    works(bring, watch)


@points(20)
def test_truncated(chance: random.Random, bring: Bring, upstream: Upstream, watch: Watch) -> None:
    good, at = upstream.body, chance.randrange(len(upstream.body))
    upstream.body = good[:at]
    survives(bring, watch, BadArchive, "cut short" if at > 600 else "")
    upstream.body = good
    works(bring, watch)


@pytest.mark.parametrize("kind", ["cut", "flipped", "truncated"])
@points(2, 5)
def test_in_the_worker(chance: random.Random, kind: str, job: Job, upstream: Upstream, watch: Watch) -> None:
    good, at = upstream.body, chance.randrange(1000, len(upstream.body))
    if kind == "cut":
        upstream.faults = [cut(at)]
    else:
        upstream.body = good[:at] if kind == "truncated" else flipped(good, at, chance.randrange(8))
        with pytest.raises(BadArchive) as failed:
            Worker().run(job)
        watch.after(failed.value.message, ready=0)
        upstream.body = good
    Worker().run(job)
    watch.after(ready=1)


def short(handler: Handler, body: bytes) -> bool:
    """Claim fewer bytes than there are."""
    handler.answer(200, body, None, Content_Length=str(len(body) - 1000))
    handler.close_connection = True
    return True


def long(handler: Handler, body: bytes) -> bool:
    """Claim more bytes than there are."""
    handler.answer(200, body, None, ETag='"one"', Content_Length=str(len(body) + 1000))
    handler.close_connection = True
    return True


def wrong_range(handler: Handler, body: bytes) -> bool:
    """Answer with another range than the one asked for."""
    handler.answer(206, body[5:], None, ETag='"one"', Content_Range=f"bytes 5-{len(body) - 1}/{len(body)}")
    return True


def no_range(handler: Handler, body: bytes) -> bool:
    """Answer with a range that is none."""
    handler.answer(206, b"", None, ETag='"one"', Content_Range="bytes 99999999999999-1/0")
    return True


def giving(more: bytes) -> Fault:
    """Return the fault of something that follows the archive."""

    def fault(handler: Handler, body: bytes) -> bool:
        handler.give(body + more)
        return True

    return fault


OVERCOME = {
    "stalled": [stall(500_000)],
    "stalled before the first byte": [stall(0)],
    "500s": [status(500), status(502), cut(400_000), status(503), status(500, b"Traceback"), status(504)],
    "replaced while resuming": [cut(400_000), change(gz(tar(member("a"), script())), '"two"')],
    "another range": [cut(400_000), wrong_range],
    "a range that is none": [cut(400_000), no_range],
    "a sign-in page while resuming": [cut(400_000), status(200, b"<html>Sign in</html>")],
}


@pytest.mark.parametrize("name", OVERCOME)
def test_overcome(name: str, bring: Bring, upstream: Upstream, watch: Watch) -> None:
    good = upstream.body
    upstream.faults = list(OVERCOME[name])
    error = bring(RESUMED_SECONDS if "stalled" in name else SECONDS)
    if name.startswith("replaced"):
        assert error is None  # it is the new one
        (made,) = watch.store.list()
        assert made.files == 2
        watch.store.remove(made.key)
        upstream.body = good
    else:
        watch.after(error.message if error else None)
        assert error is None, error
    works(bring, watch)


FAULTS: dict[str, tuple[list[Fault], str, str]] = {
    "html with 200": ([status(200, b"<!doctype html><p>Sign in")] * 5, "bad_archive", "web page"),
    "json with 200": ([status(200, b'{"status": "error"}')] * 5, "bad_archive", "web page"),
    "404 though completed": ([status(404)], "not_launchable", "has no archive"),
    "403": ([status(403)] * 9, "forbidden", "does not permit"),
    "500 for ever": ([status(500)] * 50, "server_error", "HTTP 500"),
    "500 for ever while resuming": ([cut(400_000), *[status(500)] * 50], "download_failed", "bytes"),
    "404 while resuming": ([cut(400_000), status(404)], "not_launchable", "has no archive"),
    "trickling": ([slowly(200)] * 50, "download_failed", "bytes"),
    "stalled for ever": ([stall(400_000), *[stall(0)] * 50], "download_failed", "bytes"),
    "length too great": ([long], "download_failed", "the server has no more of it"),
    "length too small": ([short], "bad_archive", "cut short"),
    "trailing garbage": (
        [giving(b"garbage")],
        "bad_archive",
        "after its end",
    ),
    "empty": ([status(200)], "bad_archive", "is empty"),
    "no content": ([status(204)], "bad_archive", "is empty"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(name: str, bring: Bring, upstream: Upstream, watch: Watch) -> None:
    faults, code, says = FAULTS[name]
    upstream.faults = list(faults)
    error = bring(HASTY_SECONDS if "stalled" in name or "trickling" in name else SECONDS)
    assert error is not None
    assert (error.code, says in error.message) == (code, True), error
    watch.after(error.message, ready=0)
    upstream.faults = []
    works(bring, watch)


def test_an_expired_link_is_asked_for_again(bring: Bring, upstream: Upstream, watch: Watch) -> None:
    given = expiring_links(upstream, good_for=1)
    upstream.faults = [cut(300_000), cut(600_000), cut(900_000)]
    works(bring, watch)
    assert len(given) == 4
    assert len(set(given)) == 4
    assert [path for path, _ in upstream.requests if "signature" in path] == given


def test_links_that_have_expired_already(bring: Bring, upstream: Upstream, watch: Watch) -> None:
    expiring_links(upstream, good_for=0)
    error = bring()
    assert error is not None
    assert error.code == "forbidden"
    watch.after(error.message, ready=0)
    upstream.hooks.pop(0)
    works(bring, watch)
