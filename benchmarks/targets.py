"""Targets of the benchmark, and whether they were reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from . import plan, replies
from .rows import Row
from .table import floor, table

MEMORY = 64 * 1024 * 1024  # bytes
MORE_DISK = 0.15
STALL = 0.050  # seconds


class Target(NamedTuple):
    """A number that was measured and the most (or, with `least`, the least) that it may be."""

    what: str
    measured: float
    limit: float
    unit: str = "x"
    least: bool = False

    @property
    def reached(self) -> bool:
        """Tell whether it is good enough."""
        return self.measured >= self.limit if self.least else self.measured <= self.limit


def targets(
    arrive: Mapping[str, Row], reply: Mapping[str, Row], prefix: Mapping[str, Row]
) -> Iterator[Target]:
    """Yield the targets for one environment."""

    def ratio(rows: Mapping[str, Row], name: str, *references: str) -> float:
        return rows[name].summary.seconds / floor(rows, references)

    def faster(link: str) -> float:
        return 1 / ratio(arrive, plan.at(link, plan.COLD), plan.at(link, plan.CLIENT))

    yield Target(
        "cold, 1 Gbit/s, call to first reply / (bare download + bare kernel start)",
        ratio(reply, replies.COLD, replies.BARE_COLD),
        1.05,
    )
    yield Target("cold / max(decompress only, write only)", ratio(arrive, plan.COLD, *plan.FLOOR), 1.35)
    yield Target("faster than the conda-store client, uncapped", faster(plan.UNCAPPED), 4, least=True)
    yield Target("faster than the conda-store client, 1 Gbit/s", faster(plan.FAST), 3, least=True)
    yield Target(
        "warm, call to first reply / bare kernel start", ratio(reply, replies.WARM, replies.BARE), 1.05
    )
    yield Target(
        "in place, call to first reply / bare kernel start",
        ratio(reply, replies.IN_PLACE, replies.BARE),
        1.05,
    )
    yield Target("prefix rewriting / conda-unpack", ratio(prefix, replies.REWRITE, replies.UNPACK), 0.25)
    if plan.IN_PLACE in arrive:
        copied = (arrive[plan.IN_PLACE].disk or 0) / 1e6
        yield Target("in place, disk taken", copied, 0.1, "MB")
    peak = max(row.peak or 0 for name, row in arrive.items() if name.startswith("ours"))
    yield Target("peak memory above the interpreter's own", peak / 1024**2, MEMORY / 1024**2, "MiB")
    if plan.UPDATE in arrive:
        yield Target("N to N+1 / decompress only", ratio(arrive, plan.UPDATE, plan.DECOMPRESS), 1.2)
        more = (arrive[plan.UPDATE].disk or 0) / (arrive[plan.COLD].disk or 1)
        yield Target("N to N+1, disk in addition", 100 * more, 100 * MORE_DISK, "%")


def verdict(outcomes: list[tuple[str, Target]]) -> str:
    """Return the table of targets, each with the environment that it was measured with."""
    return table(
        ("target", "environment", "measured", "wanted", "reached"),
        (
            (
                target.what,
                environment,
                f"{target.measured:.2f} {target.unit}",
                f"{'>=' if target.least else '<='} {target.limit:g} {target.unit}",
                "yes" if target.reached else "NO",
            )
            for environment, target in outcomes
        ),
    )
