"""Random points of a run: as many as asked for, the same ones again for the same seed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

SEED = os.environ.get("CONDA_STORE_LABEXT_SEED", "1")
COUNT = 50


def points(count: int = COUNT) -> Callable[[Any], Any]:
    """Run a test once for each of `count` points; `chance` decides where, the test's id names the seed."""
    chances = [random.Random(f"{SEED}/{number}") for number in range(count)]
    names = [f"seed-{SEED}-point-{number}" for number in range(count)]
    return pytest.mark.parametrize("chance", chances, ids=names)
