"""An environment made of packages, with the same promises as one from an archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from ...errors import Cancelled
from ...errors.os_errors import os_errors_explained
from ...models import Step
from ...models.build_ref import BuildRef
from ...store.layout import FOLDER_VARIABLE
from ...store.lock import FileLock
from ...store.records import StoredCopy
from ...store.store import EnvironmentStore, Stage
from ..checksums import Checksums
from ..job import Progress
from ..limits import Limits
from ..prefix import require_usable
from ..sharing import SharingTree
from .bytecode import Compiler, interpreter
from .channel import Channels
from .condarc import user_rules
from .description import site_packages_of
from .fetch import Fetcher
from .files import PackageFiles
from .from_copy import Unfit
from .known import write_known
from .link import Linker
from .locked import LockedPackage, closure
from .plan import Plan
from .published import Published
from .record import Linked
from .relink import link_from_copy

PYTHON = "python"
# what a kernel reads at its start, to be had and compiled first
FIRST = (PYTHON, "ipykernel")


class Installer:
    """Brings one build into the store from its packages; nothing half-made is ever left.

    `packages` come in the order of `locked.in_order`. `trusted` is false for a lockfile of a stranger, which
    may not name this machine's own addresses. With `strict`, what conda would have to decide is refused.
    """

    def __init__(
        self,
        store: EnvironmentStore,
        packages: Iterable[LockedPackage],
        limits: Limits | None = None,
        report: Callable[[Progress], None] = lambda progress: None,
        *,
        siblings: Callable[[], list[Path]] = list,
        plan: Plan | None = None,
        trusted: bool = True,
        strict: bool = False,
    ) -> None:
        self._store = store
        self._packages = tuple(packages)
        self._limits = limits or Limits()
        self._report = report
        self._siblings = siblings
        self._plan = plan
        self._trusted = trusted
        self._strict = strict
        self._cancelled = False
        self._fetcher: Fetcher | None = None

    def cancel(self) -> None:
        """Make `run` raise Cancelled soon; for any thread or signal handler to call."""
        self._cancelled = True

    def want(self, names: Iterable[str]) -> None:
        """Have packages fetched next, each with what it needs; for any thread to call while `run` runs."""
        fetcher = self._fetcher
        if fetcher is not None:
            fetcher.want(names)

    def run(
        self, build: BuildRef, variables: Mapping[str, str] | None = None, lock: FileLock | None = None
    ) -> StoredCopy:
        """Return the environment, made now or there already; wait while another process makes it.

        `lock` is the copy's where it is held already; it is released in the end.

        Raises CondaStoreLabErrors alone: PackageUnavailable and UnsuitableLockfile where packages do not
        lead to it, BadArchive and UnsafeArchive for those that are not what they should be.
        """
        key = build.copy_key
        self._report(Progress(Step.CONNECT))
        require_usable(self._store.prefix(key))
        lock = lock or self._store.lock(key)
        if not lock.held:
            with os_errors_explained(self._store.root, FOLDER_VARIABLE):
                lock.acquire(self.check)
        with lock:
            copy = self._store.get(key)
            if copy is not None:
                return copy
            self._store.sweep()
            with self._store.stage(build) as stage:
                return self._make(stage, variables)

    def _make(self, stage: Stage, variables: Mapping[str, str] | None) -> StoredCopy:
        files = PackageFiles(self._store.home / "p", self._limits.spare)
        plan = self._plan or Plan.of(self._packages, files, (), user_rules())
        # looked at before the first of them is asked: one bad address, and none is
        addresses = plan.addresses(self._trusted)
        python = next((package for package in self._packages if package.name == PYTHON), None)
        site_packages = site_packages_of(python)
        sums = Checksums()
        compiler = Compiler(stage.folder, stage.prefix)
        with (
            os_errors_explained(self._store.root, FOLDER_VARIABLE),
            closing(Channels(addresses, plan.rules)) as channels,
            SharingTree(stage.folder, self._siblings()) as tree,
        ):
            coming = [package for package in self._packages if package.name not in plan.in_copies]
            fetcher = self._fetcher = Fetcher(files, channels, self._first(coming))

            def report(count: int) -> None:
                self.check()
                self._report(Progress(Step.EXTRACT, fetcher.done, fetcher.total, count))

            names = [package.name for package in self._packages]
            linker = Linker(
                tree, sums, stage.prefix, site_packages, names, self._limits, report, strict=self._strict
            )
            try:
                as_packed = self._link(fetcher, linker, compiler, stage.folder, plan)
                self._report(Progress(Step.PREFIX, fetcher.done, fetcher.total, linker.files))
                linker.add_file(b"conda-meta/history", self._history())
                for path in compiler.stop().values():
                    linker.took(path)
                sums.write(tree, stage.checksums)
                write_known(stage.prefix, as_packed, compiler.left)
            finally:
                fetcher.stop()
                compiler.stop()
        self._report(Progress(Step.PUBLISH, fetcher.done, fetcher.total, linker.files))
        self.check()
        return stage.publish(linker.size, linker.files, variables)

    def _link(
        self, fetcher: Fetcher, linker: Linker, compiler: Compiler, folder: Path, plan: Plan
    ) -> list[str]:
        """Link what is here, then what comes; return the packages all of whose files are as they were packed.

        Byte code is made beside it, as soon as there is a Python that runs, with what is left of the
        processor; what is not made by then can be made when the copy is in use.
        """
        missing = set(closure(self._packages, PYTHON)) or {PYTHON}
        as_packed: list[str] = []
        for done, sources in self._each(fetcher, linker, plan):
            linker.add_file(done.path, done.to_json())
            if not done.lost:
                as_packed.append(done.package.stem)
            compiler.add(sources)
            missing.discard(done.package.name)
            if not compiler.started and not missing:
                python = interpreter(folder)
                if python:
                    compiler.start(python)
        return as_packed

    def _each(self, fetcher: Fetcher, linker: Linker, plan: Plan) -> Iterator[tuple[Linked, list[bytes]]]:
        fetcher.start()
        copies = {prefix: Published(prefix) for prefix in plan.in_copies.values()}
        for package in self._first(self._packages):
            if package.name in plan.in_copies:
                try:
                    published = copies[plan.in_copies[package.name]]
                    yield link_from_copy(linker, package, published, self._limits)
                except Unfit:
                    fetcher.add(package)
        for package, file in self._reported(fetcher, linker):
            yield linker.link(package, file)

    def _reported(
        self, fetcher: Fetcher, linker: Linker
    ) -> Generator[tuple[LockedPackage, Path], None, None]:
        def check() -> None:
            self.check()
            self._report(Progress(Step.EXTRACT, fetcher.done, fetcher.total, linker.files))

        with closing(fetcher.packages(check)) as packages:
            yield from packages

    def _first(self, packages: Iterable[LockedPackage]) -> list[LockedPackage]:
        """Return packages in the order to have them in: what a kernel starts with first, then the largest."""
        places = {
            name: place
            for place, first in reversed([*enumerate(FIRST)])
            for name in closure(self._packages, first)
        }
        return sorted(
            packages, key=lambda package: (places.get(package.name, len(FIRST)), -(package.size or 0))
        )

    def _history(self) -> bytes:
        lines = [f"==> {time.strftime('%Y-%m-%d %H:%M:%S')} <=="]
        lines += [
            f"+{package.url.rsplit('/', 2)[0].rsplit('/', 1)[-1]}/{package.subdir}::{package.stem}"
            for package in self._packages
        ]
        return "\n".join([*lines, ""]).encode()

    def check(self) -> None:
        """Raise Cancelled once asked to."""
        if self._cancelled:
            raise Cancelled("The download was cancelled; start it again whenever you like.")
