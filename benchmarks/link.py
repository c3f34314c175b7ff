"""A link of a given rate that all connections share: the loopback of a network namespace of its own (Linux).

nginx's own limit counts for each connection by itself, and several packages come at a time.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

MARK = "CONDA_STORE_LABEXT_BENCH_NAMESPACE"
UNLIMITED = 100_000_000_000  # bits a second


def enter() -> None:
    """Run this very program again in a network namespace of its own, unless that is done."""
    if MARK in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    as_root = [] if os.getuid() == 0 else ["--map-root-user"]
    program = [sys.executable, "-m", "benchmarks.packages"]
    os.execvpe("unshare", ["unshare", "--net", *as_root, *program], {**os.environ, MARK: "1"})


class Link:
    """A limit for what one port of this machine sends, at `rate`; everything else is not limited."""

    def __init__(self, port: int) -> None:
        _tc("qdisc", "replace", "dev", "lo", "root", "handle", "1:", "htb", "default", "2")
        _tc(
            "class",
            "replace",
            "dev",
            "lo",
            "parent",
            "1:",
            "classid",
            "1:2",
            "htb",
            "rate",
            f"{UNLIMITED}bit",
        )
        self.rate(None)
        match = ("match", "ip", "sport", str(port), "0xffff", "flowid", "1:1")
        _tc("filter", "replace", "dev", "lo", "parent", "1:", "protocol", "ip", "prio", "1", "u32", *match)

    def rate(self, bits: int | None) -> None:
        """Set the rate, in bits a second; None for none."""
        rate = ("rate", f"{bits or UNLIMITED}bit", "burst", "256k", "cburst", "256k")
        _tc("class", "replace", "dev", "lo", "parent", "1:", "classid", "1:1", "htb", *rate)

    def sent(self) -> int:
        """Return the bytes that the port has sent, headers included."""
        text = subprocess.run(
            ["tc", "-s", "class", "show", "dev", "lo", "classid", "1:1"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        counted = re.search(r"Sent (\d+) bytes", text)
        return int(counted[1]) if counted else 0


def _tc(*arguments: str) -> None:
    subprocess.run(["tc", *arguments], check=True)
