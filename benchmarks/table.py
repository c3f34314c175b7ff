"""The results as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .rows import Row

MB = 1_000_000
HEAD = ("way", "seconds", "fastest", "ratio", "CPU s", "memory MB", "disk MB")


def results(rows: Mapping[str, Row]) -> str:
    """Return what was measured: medians, and each one's ratio to the slowest of its references."""

    def cells(row: Row) -> tuple[str, ...]:
        summary = row.summary
        return (
            row.name,
            seconds(summary.seconds),
            seconds(summary.fastest),
            f"{summary.seconds / floor(rows, row.reference):.2f}" if row.reference else "",
            seconds(summary.cpu),
            megabytes(summary.peak),
            megabytes(summary.disk),
        )

    return table(HEAD, map(cells, rows.values()))


def floor(rows: Mapping[str, Row], names: Sequence[str]) -> float:
    """Return the seconds of the slowest of some rows."""
    return max(rows[name].summary.seconds for name in names)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns line up, all but the first to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    lines.insert(1, [("-" * (width - 1) + ":") if at else "-" * width for at, width in enumerate(widths)])
    return "\n".join(f"| {' | '.join(_aligned(line, widths))} |" for line in lines)


def seconds(value: float) -> str:
    """Return a time with two digits or more after the point."""
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}" if value >= 0.01 else f"{value:.4f}"


def megabytes(value: int | None) -> str:
    """Return a size in millions of bytes, nothing for none."""
    return "" if value is None else f"{value / MB:,.0f}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = (
        cell.rjust(width) if at else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    )
    return [first, *others]
