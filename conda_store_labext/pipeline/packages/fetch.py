"""Packages fetched side by side, in an order that may change while they come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from queue import Empty, SimpleQueue

from ...errors import CondaStoreLabError
from .channel import Channels
from .files import Cut, PackageFiles
from .locked import LockedPackage, closure

AT_A_TIME = 5
POLL = 0.1  # seconds between two looks at whether to go on

Fetched = tuple[LockedPackage, Path]


class Fetcher:
    """Fetches packages in the order in which they are given, some at a time.

    `done` and `total` count bytes; `total` is None as long as it is not known of each. `want` changes the
    order; what that cuts is gone on with later, from the byte where it was.
    """

    def __init__(
        self,
        files: PackageFiles,
        channels: Channels,
        packages: Iterable[LockedPackage],
        at_a_time: int = AT_A_TIME,
    ) -> None:
        self._files = files
        self._channels = channels
        self._at_a_time = at_a_time
        self._waiting = list(packages)
        self._known = list(self._waiting)
        self._left = len(self._waiting)
        self._done: dict[str, int] = {}
        self._totals = {package.digest: package.size for package in self._waiting}
        self._under_way: dict[str, threading.Event] = {}
        self._outcomes: SimpleQueue[Fetched | BaseException] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def done(self) -> int:
        """The bytes that have come."""
        return sum(self._done.copy().values())

    @property
    def total(self) -> int | None:
        """The bytes that come altogether, once that is known."""
        sizes = list(self._totals.copy().values())
        return None if None in sizes else sum(size or 0 for size in sizes)

    def start(self) -> None:
        """Begin, if that has not been done."""
        with self._lock:
            for _ in range(min(self._at_a_time, self._left) - len(self._threads)):
                thread = threading.Thread(target=self._work, daemon=True)
                self._threads.append(thread)
                thread.start()

    def add(self, package: LockedPackage) -> None:
        """Have one package more; for the thread that takes them."""
        with self._lock:
            self._left += 1
            self._known.append(package)
            self._totals[package.digest] = package.size
            self._waiting.append(package)
            # those that there are may have ended for want of work
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def want(self, names: Iterable[str]) -> None:
        """Have packages come next, each with what it needs, in the order of their names.

        What else is under way is cut, and gone on with later. Those that have come, or are no packages of
        this one, are passed over. For any thread, as often as one likes; the last call counts.
        """
        with self._lock:
            wanted: dict[str, int] = {}
            for name in names:
                for needed in sorted(closure(self._known, name)):
                    wanted.setdefault(needed, len(wanted))
            self._waiting.sort(key=lambda package: wanted.get(package.name, len(wanted)))
            if any(package.name in wanted for package in self._waiting):
                for name, cut in self._under_way.items():
                    if name not in wanted:
                        cut.set()

    def packages(self, check: Callable[[], None] = lambda: None) -> Generator[Fetched, None, None]:
        """Yield each package with its file as it comes; raises what one of them could not be had for.

        `check` is called again and again and may raise; whatever ends this ends the fetching.
        """
        try:
            self.start()
            while self._left:
                self._left -= 1
                yield self._next(check)
        finally:
            self.stop()

    def stop(self) -> None:
        """End what is under way soon; its bytes stay for whoever fetches it next."""
        with self._lock:
            self._stopped = True
            self._waiting.clear()

    def _next(self, check: Callable[[], None]) -> Fetched:
        while True:
            check()
            try:
                outcome = self._outcomes.get(timeout=POLL)
            except Empty:
                continue
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                package = self._waiting.pop(0)
                cut = self._under_way[package.name] = threading.Event()
            try:
                self._outcomes.put((package, self._fetch(package, cut)))
            except Cut:
                with self._lock:
                    if self._stopped:
                        return
                    self._waiting.append(package)
            except BaseException as error:  # raised again where the packages are taken
                self._outcomes.put(error)
                if not isinstance(error, (CondaStoreLabError, OSError)):
                    return
            finally:
                with self._lock:
                    self._under_way.pop(package.name, None)

    def _fetch(self, package: LockedPackage, cut: threading.Event) -> Path:
        def check() -> None:
            if cut.is_set() or self._stopped:
                raise Cut

        def report(done: int, total: int | None) -> None:
            self._done[package.digest] = done
            if total is not None:
                self._totals[package.digest] = total

        path = self._files.fetch(package, self._channels.source(package), check, report)
        size = path.stat().st_size
        report(size, size)
        return path
