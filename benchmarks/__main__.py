"""`make bench`: measure, and print the tables."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import environments, replies
from .front import Front, front
from .measure import interpreter
from .other_ways import CondaStoreClient
from .plan import UNCAPPED, Plan
from .rows import Row
from .settings import Settings
from .table import results
from .targets import STALL, Target, targets, verdict


def main() -> None:
    """Do everything; the tables go to standard output, what happens meanwhile to standard error."""
    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True, exist_ok=True)
    client = CondaStoreClient(settings.folder / "client", settings.client)
    own = interpreter()
    with (
        environments.built(settings.folder, quick=settings.quick) as built,
        front(settings.folder / "nginx", built.url, built.archives) as served,
    ):
        outcomes: list[tuple[str, Target]] = []
        print(_machine(settings))
        for name in built.builds:
            if name == environments.TEN.name:
                continue
            plan = Plan(built, served, client, settings.folder / "kept", name)
            print(f"\n## {name}\n\n{_size(plan)}\n")
            tables = [
                _measured(rows, settings, own)
                for rows in (plan.rows(), replies.reply_rows(plan), replies.prefix_rows(plan))
            ]
            for title, rows in zip(("Here", "First reply", "Prefix"), tables, strict=True):
                print(f"\n### {title}\n\n{results(rows)}", flush=True)
            outcomes += [(name, target) for target in targets(*tables)]
            shutil.rmtree(plan.scratch, ignore_errors=True)
        if environments.TEN.name in built.builds:
            outcomes += [(environments.TEN.name, stall) for stall in _stalls(settings, built, served)]
    print(f"\n## Targets\n\n{verdict(outcomes)}\n\n{_load()}")


def _measured(rows: Iterable[Row], settings: Settings, own: int) -> dict[str, Row]:
    """Warm every row up, then let them take turns; return them by name."""
    listed = list(rows)
    folder = settings.folder / "run"
    for number in range(settings.rounds + 1):
        for row in listed:
            print(f"- round {number} of {settings.rounds}: {row.name}", file=sys.stderr, flush=True)
            if number:
                row.measure(folder)
            else:
                row.warm_up(folder, own)
    shutil.rmtree(folder, ignore_errors=True)
    return {row.name: row for row in listed}


def _stalls(settings: Settings, built: environments.Built, served: Front) -> Iterator[Target]:
    """Fetch ten builds at once through a Jupyter server; yield its event loop's longest stall."""
    folder = settings.folder / "jupyter"
    shutil.rmtree(folder, ignore_errors=True)
    environ = {
        **os.environ,
        "CONDA_STORE_URL": served.url(UNCAPPED),
        "CONDA_STORE_TOKEN": built.token,
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
    }
    name = environments.TEN.name
    program = [sys.executable, "-m", "benchmarks.stalls", str(folder), name, *map(str, built.builds[name])]
    done = subprocess.run(
        program, env=environ, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[1]
    )
    stalls = json.loads(done.stdout.splitlines()[-1])
    shutil.rmtree(folder, ignore_errors=True)
    rest, fetching = stalls["at_rest"], stalls["fetching"]
    yield Target(
        f"longest stall, ten builds at once (at rest: {1000 * rest['longest']:.0f} ms)",
        1000 * fetching["longest"],
        1000 * STALL,
        "ms",
    )
    yield Target(
        f"the same, without waiting for a processor (at rest: {1000 * rest['own']:.0f} ms)",
        1000 * fetching["own"],
        1000 * STALL,
        "ms",
    )


def _machine(settings: Settings) -> str:
    python = platform.python_version()
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}, in "
        f"{settings.folder}; median of {settings.rounds} rounds after one that warms up. {_load()}"
    )


def _load() -> str:
    return f"Load {os.getloadavg()[0]:.1f} at {time.strftime('%H:%M', time.gmtime())} UTC."


def _size(plan: Plan) -> str:
    packed = plan.archive.stat().st_size
    prefix = plan.built.prefixes[plan.build]
    files = [path.lstat().st_size for path in prefix.rglob("*") if not path.is_dir() or path.is_symlink()]
    return (
        f"{packed / 1e6:,.0f} MB packed, {sum(files) / 1e6:,.0f} MB unpacked, {len(files):,} files and links."
    )


if __name__ == "__main__":
    main()
