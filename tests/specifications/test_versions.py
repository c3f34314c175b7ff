"""The order of versions, as conda documents it."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_store_labext.specifications.versions import compare_versions, satisfies, version_order

# each older than the next; source: conda's documentation of VersionOrder
ASCENDING = [
    "0.4",
    "0.4.1.rc",
    "0.4.1",
    "0.5a1",
    "0.5b3",
    "0.5c1",
    "0.5",
    "0.9.6",
    "0.960923",
    "1.0",
    "1.1dev1",
    "1.1_",
    "1.1a1",
    "1.1.dev1",
    "1.1.a1",
    "1.1",
    "1.1.0post1",
    "1.1post1",
    "1996.07.12",
    "1!0.4.1",
    "1!3.1.1.6",
    "2!0.4.1",
]
REAL = ["2.9", "2.10rc1", "2.10", "3.9.1", "3.10.0", "3.11.0", "2024.1", "2025.10.1"]


@pytest.mark.parametrize(
    ("older", "newer"), list(itertools.combinations(["1.9", "1.10", "1.10.1", "2.0"], 2))
)
def test_numbers_are_numbers(older: str, newer: str) -> None:
    assert compare_versions(older, newer) == -1
    assert compare_versions(newer, older) == 1


EQUAL = [("1.1", "1.1.0"), ("0.4", "0.4.0"), ("1.0RC1", "1.0rc1"), ("1-2", "1_2")]


@pytest.mark.parametrize(("version", "other"), EQUAL)
def test_equal_versions(version: str, other: str) -> None:
    assert compare_versions(version, other) == 0


def test_the_documented_order() -> None:
    for older, newer in itertools.pairwise(ASCENDING):
        assert compare_versions(older, newer) == -1, (older, newer)
        assert compare_versions(newer, older) == 1, (older, newer)


conda_versions = st.from_regex(
    r"\A([0-9]!)?[0-9]{1,2}([a-z]{0,2}|dev|post|rc)[0-9]?([._][0-9a-z]{1,3}){0,3}([0-9]_)?(\+[0-9a-z]{1,2})?\Z"
)


@settings(deadline=None)
@given(conda_versions, conda_versions)
def test_the_order_is_that_of_rattler(version: str, other: str) -> None:
    rattler = pytest.importorskip("rattler")
    left, right = rattler.Version(version.strip()), rattler.Version(other.strip())
    assert compare_versions(version, other) == (left > right) - (left < right)


@pytest.mark.parametrize(
    ("version", "constraint", "meets"),
    [
        ("3.11.4", "=3.11", True),
        ("3.1.1", "=3.11", False),
        ("3.11.4", "3.11.*", True),
        ("3.11.4", "3.11", False),
        ("3.11", "==3.11.0", True),
        ("3.11.4", ">=3.9,<3.12", True),
        ("3.12.0", ">=3.9,<3.12", False),
        ("3.12.0", ">=3.9,<3.12|3.12.*", True),
        ("3.12.0", "!=3.12.*", False),
        ("3.12.5", "~=3.12.2", True),
        ("3.13.0", "~=3.12.2", False),
        ("3.12.5", "*", True),
    ],
)
def test_what_meets_a_constraint(version: str, constraint: str, meets: bool) -> None:
    assert satisfies(version, constraint) is meets


def test_sorting() -> None:
    mixed = list(REAL)
    random.Random(1).shuffle(mixed)
    assert sorted(mixed, key=version_order) == REAL


@pytest.mark.parametrize("strange", ["", ".", "!", "+", "a..b", "٣", "1!", "😀", "1.²"])
def test_what_is_no_version_is_older_than_all_that_are_high(strange: str) -> None:
    assert compare_versions(strange, strange) == 0
    high = "2!1"
    assert (compare_versions(strange, high), compare_versions(high, strange)) == (-1, 1)
