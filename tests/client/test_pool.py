"""A pool of threads after it was closed."""

from __future__ import annotations

import pytest

from conda_store_labext.client.pool import DaemonPool
from conda_store_labext.errors import Cancelled


def test_a_closed_pool_says_so_in_one_sentence() -> None:
    pool = DaemonPool(1, "test")
    assert pool.submit(int, "7").result(60) == 7
    pool.shutdown()
    with pytest.raises(Cancelled, match=r"closed; try again\.$"):
        pool.submit(int, "7")
