"""Random points of a run: as many as asked for, the same ones again for the same seed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

SEED = os.environ.get("CONDA_STORE_LABEXT_SEED", "1")
# `make survival` looks at all points, the tests that are run every time at some
LONG = bool(os.environ.get("CONDA_STORE_LABEXT_SURVIVAL"))
COUNT = 50


def points(few: int, count: int = COUNT) -> Callable[[Any], Any]:
    """Run a test once for each of `count` points, or a `few`; `chance` decides where.

    The test's id names the seed and the point, with which it comes again.
    """
    count = count if LONG else few
    chances = [random.Random(f"{SEED}/{number}") for number in range(count)]
    names = [f"seed-{SEED}-point-{number}" for number in range(count)]
    return pytest.mark.parametrize("chance", chances, ids=names)
