"""`make bench-packages`: builds by their packages beside the same builds by their archives, over one link."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.models import Kernel
from conda_store_labext.pipeline.packages.upkeep import tend
from conda_store_labext.store.paths import ARCHIVE, PACKAGES
from conda_store_labext.store.store import EnvironmentStore

from . import environments, forge, link, ours
from .front import front
from .installers import Installers
from .kernels import first_reply
from .measure import descendants, interpreter, peak_of, timed
from .other_ways import CondaStoreClient as TheirClient
from .plan import UNCAPPED
from .settings import Settings
from .table import megabytes, seconds, table

LINKS = {"20 Mbit/s": 20_000_000, "200 Mbit/s": 200_000_000, "1 Gbit/s": 1_000_000_000, UNCAPPED: None}
SLOW = 50_000_000  # bits a second, below which one round has to do
INSTALLERS = "installers"
HEAD = (
    *("what", "link", "way", "seconds", "ratio", "to first reply", "ratio"),
    *("MB sent", "of the archive", "CPU s", "memory MB"),
)


@dataclass(frozen=True)
class Case:
    """A build that is fetched, `number`, and the one that is here already, by their environments."""

    what: str
    environment: str
    number: int
    before: tuple[str, int] | None = None


@dataclass
class Measured:
    """Measures of one way: seconds, processor seconds and bytes of each round, memory of the first.

    `replies` are the seconds until the kernel has answered.
    """

    seconds: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    peak: int = 0


class Bench:
    """Fetches builds over the link `shared` through nginx at `url`."""

    def __init__(self, folder: Path, url: str, token: str, shared: link.Link) -> None:
        self._folder = folder
        self._url = url
        self._token = token
        self._shared = shared
        self._own = interpreter()

    def fetch(self, case: Case, way: str, rate: int | None, into: Measured, *, look: bool) -> None:
        """Fetch a build into a folder that has the build before; with `look` only its memory is watched."""
        folder = self._folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        self._shared.rate(None)
        if case.before:
            with ours.manager(self._url, self._token, folder) as made:
                before_it = ours.fetch(made, *case.before)
            # as it is when the next build comes, some time later
            tend(EnvironmentStore(folder / "store"), before_it.key)
        others = descendants()
        with ours.manager(self._url, self._token, folder, way=way) as made:
            self._shared.rate(rate)
            before = self._shared.sent()

            def run() -> None:
                kernels.extend(ours.fetch(made, case.environment, case.number).kernels)

            kernels: list[Kernel] = []
            if look:
                into.peak = max(peak_of(run, others) - self._own, 0)
                return
            sample = timed(run)
            into.sent.append(self._shared.sent() - before)
            into.seconds.append(sample.seconds)
            with first_reply(folder / ours.KERNELS, kernels[0].name) as start:
                into.replies.append(sample.seconds + timed(start).seconds)
        into.cpu.append(sample.cpu)
        self._shared.rate(None)

    def rows(self, case: Case, links: list[str], archive: int, rounds: int) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a case, both ways over every link taking turns."""
        for name in links:
            rate = LINKS[name]
            slow = rate is not None and rate < SLOW
            ways = {way: Measured() for way in (ARCHIVE, PACKAGES)}
            for number in range(1 if slow else rounds + 1):
                for way, into in ways.items():
                    _say(f"{case.what}, {name}, {way}, round {number}")
                    self.fetch(case, way, rate, into, look=not number and not slow)
            reference, reply = (median(taken) for taken in (ways[ARCHIVE].seconds, ways[ARCHIVE].replies))
            for way, into in ways.items():
                sent = int(median(into.sent))
                yield (
                    case.what,
                    name,
                    way,
                    seconds(median(into.seconds)),
                    f"{median(into.seconds) / reference:.2f}",
                    seconds(median(into.replies)),
                    f"{median(into.replies) / reply:.2f}",
                    f"{sent / 1e6:.1f}",
                    f"{sent / archive:.3f}",
                    seconds(median(into.cpu)),
                    megabytes(into.peak or None),
                )


def main() -> None:
    """Make what is needed, then measure in a network namespace of its own; the table goes to stdout."""
    settings = Settings.from_environment()
    folder = settings.folder
    folder.mkdir(parents=True, exist_ok=True)
    level = int(os.environ.get("BENCH_ZSTD") or forge.LEVEL)
    channel = forge.channel(folder, environments.packages(folder, quick=False), level)
    client = TheirClient(folder / "client", settings.client)
    link.enter()
    wanted = (environments.SMALL, environments.BIG, environments.HALF)
    with (
        environments.built(folder, quick=False, wanted=wanted) as built,
        front(folder / "nginx", built.url, built.archives, channel) as served,
    ):
        url = served.url(UNCAPPED)
        bench = Bench(folder, url, built.token, link.Link(served.port(UNCAPPED)))
        lockfile = CondaStoreClient(Connection(url, "token", token=built.token)).lockfile
        (small,), (older, newer), (half,) = (built.builds[each.name] for each in wanted)
        _mirror(folder / "config", lockfile(small)["package"][0]["url"], url)
        cases = {
            "small": Case("small, cold", "small", small),
            "big": Case("big, cold", "big", newer),
            "N to N+1": Case("big, N to N+1", "big", newer, ("big", older)),
            "half": Case("big, half is here", "big", newer, ("half", half)),
        }
        chosen = os.environ.get("BENCH_CASES", ",".join((*cases, INSTALLERS))).split(",")
        links = os.environ.get("BENCH_LINKS", ",".join(LINKS)).split(",")
        rows: list[tuple[str, ...]] = []
        for case in (cases[name] for name in cases if name in chosen):
            size = built.archives[case.number].stat().st_size
            rows += bench.rows(case, links, size, settings.rounds)
            print(table(HEAD, rows[-2 * len(links) :]), flush=True)
        if INSTALLERS in chosen:
            others = Installers(folder, url, lockfile(newer), settings.rounds)
            print(others.table(lambda to: client.run(url, built.token, newer, to)))


def _mirror(folder: Path, address: str, url: str) -> None:
    """Have packages come through nginx, as a mirror of the channel that the lockfiles name."""
    base = re.sub(r"/conda-forge/.*", "/conda-forge", address)
    mirror = url.removesuffix("/conda-store") + "/conda-forge"
    (folder / "rattler").mkdir(parents=True, exist_ok=True)
    (folder / "rattler/config.toml").write_text(f'[mirrors]\n"{base}" = ["{mirror}"]\n', "utf-8")
    os.environ["XDG_CONFIG_HOME"] = str(folder)


def _say(what: str) -> None:
    print(f"- {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
