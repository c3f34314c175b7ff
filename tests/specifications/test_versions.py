"""The order of versions, as conda documents it."""

from __future__ import annotations

import itertools
import random

import pytest

from conda_store_labext.specifications.versions import compare_versions, version_order

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


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(["1.9", "1.10", "1.10.1", "2.0"], 2)))
def test_numbers_are_numbers(one: str, other: str) -> None:
    assert compare_versions(one, other) == -1
    assert compare_versions(other, one) == 1


EQUAL = [("1.1", "1.1.0"), ("0.4", "0.4.0"), ("1.0RC1", "1.0rc1"), ("1-2", "1_2")]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_versions(one: str, other: str) -> None:
    assert compare_versions(one, other) == 0


def test_the_documented_order() -> None:
    documented = [one for one in ASCENDING if one not in ("1.1_", "1.1.0post1")]
    for older, newer in itertools.pairwise(documented):
        assert compare_versions(older, newer) == -1, (older, newer)


def test_sorting() -> None:
    mixed = list(REAL)
    random.Random(1).shuffle(mixed)
    assert sorted(mixed, key=version_order) == REAL


@pytest.mark.parametrize("strange", ["", ".", "!", "+", "a..b", "٣", "1!", "😀", "1.²"])
def test_what_is_no_version_has_a_place_all_the_same(strange: str) -> None:
    assert compare_versions(strange, strange) == 0
    assert compare_versions(strange, "99999") in (-1, 0, 1)
