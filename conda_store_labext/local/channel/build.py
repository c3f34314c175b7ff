"""Making a local channel: `python -m conda_store_labext.local.channel.build`, a process of its own.

It reads one JSON request from its standard input, `{"channel": folder, "wheels": folder, "packages": [...]}`,
and writes JSON lines: `{"step": text, "progress": number|null}`, `{"note": text}`, at last `{"done": count}`
or `{"error": sentence}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from ...errors import CondaStoreLabError
from ...models.platform import NOARCH, this_platform
from . import interpreter, wheel
from .download import download_wheels
from .package import write_package
from .repodata import write_index

Report = Callable[[dict[str, Any]], None]

STEP = "Making the local channel"
# What progress is measured by: bytes, the interpreter about as many as pandas, and something for each wheel.
INTERPRETER_SIZE = 15_000_000
FILE_COST = 100_000


def build_channel(channel: Path, wheels: Path, packages: list[str], report: Report) -> int:
    """Fill the empty folder `channel` and return how many packages it holds."""
    python = interpreter.running_interpreter()
    report({"step": "Fetching wheels", "progress": None})
    wheels.mkdir(parents=True, exist_ok=True)
    available = _read_all(download_wheels(packages, wheels), report)
    report({"step": STEP, "progress": 0.0})
    channel.mkdir(parents=True, exist_ok=True)
    records = _write_all(channel, python, available, report)
    write_index(channel, (this_platform(), NOARCH), records)
    return len(records)


def _read_all(paths: list[Path], report: Report) -> dict[str, wheel.Wheel]:
    available = {}
    for path in paths:
        try:
            distribution = wheel.read_wheel(path)
            available[distribution.project] = distribution
        except wheel.BadWheel as error:
            report({"note": f"{path.name} is left out: {error}."})
    return available


def _write_all(
    channel: Path, python: interpreter.Interpreter, available: dict[str, wheel.Wheel], report: Report
) -> list[dict[str, Any]]:
    """Write all packages, the large ones first so that no processor waits at the end."""
    records = []
    by_size = sorted(
        available.values(), key=lambda distribution: distribution.path.stat().st_size, reverse=True
    )
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        tasks = {pool.submit(_write_python, channel, python): ("python", INTERPRETER_SIZE)}
        for distribution in by_size:
            task = pool.submit(_write_wheel, channel, distribution, available)
            tasks[task] = (distribution.path.name, distribution.path.stat().st_size + FILE_COST)
        done, total = 0, sum(size for _, size in tasks.values())
        for task in as_completed(tasks):
            name, size = tasks[task]
            try:
                records.append(task.result())
            except wheel.BadWheel as error:
                report({"note": f"{name} is left out: {error}."})
            done += size
            report({"step": STEP, "progress": done / total})
    return records


def _write_python(channel: Path, python: interpreter.Interpreter) -> dict[str, Any]:
    return write_package(channel, interpreter.recipe(python, this_platform()), interpreter.members(python))


def _write_wheel(
    channel: Path, distribution: wheel.Wheel, available: dict[str, wheel.Wheel]
) -> dict[str, Any]:
    return write_package(
        channel, wheel.recipe(distribution, this_platform(), available), wheel.members(distribution)
    )


def _report(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def main() -> int:
    """Serve the one request on standard input; 0 when the channel is there."""
    request = json.load(sys.stdin)
    try:
        count = build_channel(
            Path(request["channel"]), Path(request["wheels"]), list(request["packages"]), _report
        )
    except CondaStoreLabError as error:
        _report({"error": error.message})
        return 1
    _report({"done": count})
    return 0


if __name__ == "__main__":
    sys.exit(main())
