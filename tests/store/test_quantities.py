"""Amounts as people write them."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.models.quantities import parse_duration, parse_size, show_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("512", 512),
        ("1kB", 1000),
        ("20GB", 20_000_000_000),
        (" 20 gb ", 20_000_000_000),
        ("1.5G", 1_500_000_000),
        ("2GiB", 2 * 1024**3),
        ("1T", 10**12),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "20 apples", "1e9", "20 GB 30", "٣GB"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is not a valid size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30d", 2_592_000), ("12h", 43_200), ("90m", 5400), ("1.5w", 907_200)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "30 years"])
def test_no_durations(text: str) -> None:
    with pytest.raises(InvalidRequest, match="not a valid length of time"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (20_000_000_000, "20.0 GB"), (123_456_789, "123 MB")],
)
def test_shown(size: int, text: str) -> None:
    assert show_size(size) == text
