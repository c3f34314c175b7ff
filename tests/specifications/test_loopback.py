"""Addresses that lead to this machine alone, told without a look at the network."""

from __future__ import annotations

import pytest

from conda_store_labext.specifications.addresses import is_loopback


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:8000/x", True),
        ("http://localhost./x", True),
        ("http://store.localhost/x", True),
        ("http://127.0.0.1/x", True),
        ("http://127.3.2.1:80", True),
        ("http://[::1]/x", True),
        ("http://[::ffff:127.0.0.1]/x", True),
        ("http://127.example.org/x", False),
        ("http://notlocalhost/x", False),
        ("http://169.254.169.254/x", False),
        ("http://[::1/x", False),
        ("file:///x", False),
    ],
)
def test_only_this_machine_itself_is_a_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback
