"""Stalls of the Jupyter server's event loop while many builds are fetched at once.

`python -m benchmarks.stalls FOLDER NAME BUILD...` is a process of its own, with CONDA_STORE_URL and
CONDA_STORE_TOKEN set. It prints JSON: the longest stalls in seconds, at rest and while it fetches.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from jupyter_server.serverapp import ServerApp

from .environments import NAMESPACE

TICK = 0.002  # seconds
AT_REST = 5.0  # seconds
TOKEN = "benchmark"


@dataclass
class Ticker:
    """Wakes up every TICK seconds; keeps how late that was at worst, in seconds.

    `longest` is the whole of it. `own` leaves out the time for which Linux had no processor for the thread,
    as other programs were using them all.
    """

    longest: float = 0.0
    own: float = 0.0

    async def tick(self) -> None:
        """Go on until cancelled."""
        while True:
            waited, due = _waited(), time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            late = time.perf_counter() - due
            self.longest = max(self.longest, late)
            self.own = max(self.own, late - (_waited() - waited))

    def taken(self) -> dict[str, float]:
        """Return what was found, and start anew."""
        figures = {"longest": self.longest, "own": self.own}
        self.longest = self.own = 0.0
        return figures


def _waited() -> float:
    """Return for how many seconds this thread was ready to run and had no processor, nothing if unknown."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def main() -> None:
    """Run a Jupyter server with the extension, ask it for every build, print the stalls."""
    folder, environment, *builds = sys.argv[1:]
    app: Any = ServerApp()
    app.initialize(
        [
            "--ServerApp.jpserver_extensions={'conda_store_labext': True}",
            f"--CondaStoreApp.folder={folder}",
            f"--ServerApp.root_dir={folder}",
            f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.port=0",
            "--ServerApp.open_browser=False",
            "--ServerApp.allow_root=True",
            "--ServerApp.log_level=ERROR",
        ],
        find_extensions=False,
    )
    phases: dict[str, dict[str, float]] = {}

    async def measure() -> None:
        ticker = Ticker()
        ticking = asyncio.ensure_future(ticker.tick())
        await asyncio.sleep(1.0)  # the start itself does not count
        ticker.taken()
        await asyncio.sleep(AT_REST)
        phases["at_rest"] = ticker.taken()
        url = f"{app.connection_url}conda-store/"
        with ThreadPoolExecutor(1) as pool:
            await asyncio.get_running_loop().run_in_executor(
                pool, fetch_all, url, environment, [int(build) for build in builds]
            )
        phases["fetching"] = ticker.taken()
        ticking.cancel()
        app.stop()

    app.io_loop.add_callback(measure)
    app.start()
    print(json.dumps(phases))


def fetch_all(url: str, environment: str, builds: list[int]) -> None:
    """Ask the server for every build at once and return when all of them are there."""
    session = requests.Session()
    session.headers["Authorization"] = f"token {TOKEN}"
    for build in builds:
        body = {"namespace": NAMESPACE, "environment": environment, "build_id": build}
        session.post(f"{url}copies", json=body).raise_for_status()
    while True:
        rows = session.get(f"{url}copies").json()["copies"]
        states = [row["state"] for row in rows]
        if "failed" in states:
            raise SystemExit(json.dumps(rows))
        if states.count("ready") == len(builds):
            return
        time.sleep(0.5)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    main()
