"""Measurements of an environment: bringing it here, over every kind of link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from conda_store_labext.copies.manager import CopyManager

from . import other_ways, ours
from .environments import Built
from .front import Front
from .rows import Row, Way

DOWNLOAD, DECOMPRESS, WRITE = "bare download", "decompress only", "write only"
CURL_TAR, CLIENT = "curl, tar xz", "conda-store client"
COLD, FIRST, WARM = "ours, cold", "ours, cold, no worker yet", "ours, warm"
IN_PLACE, UPDATE = "ours, in place", "ours, N to N+1"
FLOOR = (DECOMPRESS, WRITE)
UNCAPPED, FAST, SLOW = "uncapped", "1 Gbit/s", "200 Mbit/s"


def at(link: str, name: str) -> str:
    """Return the name of a row over a link that has a limit."""
    return name if link == UNCAPPED else f"{name}, {link}"


@dataclass(frozen=True)
class Plan:
    """Makes the rows of the environment `name`; what may be kept between rows lies in `scratch`."""

    built: Built
    front: Front
    client: other_ways.CondaStoreClient
    scratch: Path
    name: str

    @property
    def build(self) -> int:
        """The build that is fetched, the newest."""
        return self.built.builds[self.name][-1]

    @property
    def archive(self) -> Path:
        """The archive of that build, on this machine."""
        return self.built.archives[self.build]

    def rows(self) -> Iterator[Row]:
        """Yield the rows, in the order in which they take turns."""
        yield Row(DOWNLOAD, self.download(UNCAPPED), FLOOR)
        yield Row(DECOMPRESS, _way(lambda to: other_ways.decompress_only(self.archive)), FLOOR)
        plain = other_ways.plain_tar(self.archive)
        yield Row(WRITE, _way(lambda to: other_ways.write_only(plain, to)), FLOOR, writes=True)
        curl = _way(lambda to: other_ways.curl_and_tar(self.front.archive(UNCAPPED, self.build), to))
        yield Row(CURL_TAR, curl, FLOOR, writes=True)
        yield Row(CLIENT, self.with_client(UNCAPPED), FLOOR, python=True, writes=True)
        yield _ours(COLD, self.cold(UNCAPPED))
        yield _ours(FIRST, self.cold(UNCAPPED, ready=False))
        if len(self.built.builds[self.name]) > 1:
            yield _ours(UPDATE, self.update)
        yield _ours(IN_PLACE, self.in_place)
        yield _ours(WARM, self.warm)
        for link in (FAST, SLOW):
            bare = at(link, DOWNLOAD)
            yield Row(bare, self.download(link), (bare,))
            yield _ours(at(link, COLD), self.cold(link), (bare,))
        yield Row(at(FAST, CLIENT), self.with_client(FAST), (at(FAST, DOWNLOAD),), python=True, writes=True)

    def download(self, link: str) -> Way:
        """Return the way that only downloads."""
        return _way(lambda to: other_ways.bare_download(self.front.archive(link, self.build)))

    def with_client(self, link: str) -> Way:
        """Return the way of the conda-store client."""
        url, token = self.front.url(link), self.built.token
        return _way(lambda to: self.client.run(url, token, self.build, to))

    def cold(self, link: str, *, ready: bool = True) -> Way:
        """Return our way into an empty store; `ready` with a worker that was started in advance."""

        @contextmanager
        def way(folder: Path) -> Iterator[Callable[[], object]]:
            with self.manager(link, folder, ready=ready) as made:
                yield lambda: ours.fetch(made, self.name, self.build)

        return way

    @contextmanager
    def update(self, folder: Path) -> Iterator[Callable[[], object]]:
        """Our way where the build before is here already."""
        with self.manager(UNCAPPED, folder) as made:
            ours.fetch(made, self.name, self.built.builds[self.name][-2])
        with self.manager(UNCAPPED, folder) as made:
            yield lambda: ours.fetch(made, self.name, self.build)

    @contextmanager
    def in_place(self, folder: Path) -> Iterator[Callable[[], object]]:
        """Our way where conda-store's own folder can be seen."""
        with self.manager(UNCAPPED, folder, ready=False, in_place=self.environments) as made:
            yield lambda: ours.fetch(made, self.name, self.build)

    @contextmanager
    def warm(self, folder: Path) -> Iterator[Callable[[], object]]:
        """Our way where this build is here already."""
        with self.manager(UNCAPPED, self.scratch, ready=False) as made:
            ours.fetch(made, self.name, self.build)
            yield lambda: ours.fetch(made, self.name, self.build)

    @property
    def environments(self) -> Path:
        """The folder in which conda-store has its environments."""
        return self.built.prefixes[self.build].parents[1]

    def manager(
        self, link: str, folder: Path, *, ready: bool = True, in_place: Path | None = None
    ) -> AbstractContextManager[CopyManager]:
        """Return a manager that keeps everything below `folder`."""
        return ours.manager(self.front.url(link), self.built.token, folder, ready=ready, in_place=in_place)


def _ours(name: str, way: Way, reference: tuple[str, ...] = FLOOR) -> Row:
    return Row(name, way, reference, python=True, writes=True)


def _way(run: Callable[[Path], object]) -> Way:
    """Return the way that has nothing to prepare."""

    @contextmanager
    def way(folder: Path) -> Iterator[Callable[[], object]]:
        yield lambda: run(folder)

    return way
