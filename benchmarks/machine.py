"""The cost of this machine's environments: listing them, and making one, against the usual ways.

As a program: `python -m benchmarks.machine [ROUNDS]`; needs uv and an index of packages.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from conda_store_labext.machine.create import create
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.installers import base_python, find_uv
from conda_store_labext.machine.places import Places
from conda_store_labext.models import CreateRequest

from .table import table

COUNTS = (0, 10, 200)
LISTINGS = 50  # for each number of environments
ROUNDS = 5
REQUIREMENTS = "six==1.16.0\npyyaml\n"
UV, PIP = "uv alone: uv venv, uv pip install", "by hand: python -m venv, pip install"


def main(rounds: int = ROUNDS) -> None:
    """Measure, and print the tables."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows = [row for count in COUNTS for row in _listing(folder / str(count), count)]
        print(table(("listing", "environments", "ms", "CPU ms"), rows), flush=True)
        print(f"\n{table(('making one', 'seconds', 'fastest', 'ratio'), _making(folder / 'made', rounds))}")


def _listing(home: Path, count: int) -> Iterator[tuple[str, ...]]:
    """Yield the time of the first listing and that of later ones, when nothing has changed."""
    for number in range(count):
        _lay_out(home / "envs" / f"env{number:03}")
    home.mkdir(exist_ok=True)
    finder = Finder(Places(home=home, environ={}))
    first, first_cpu = _timed(lambda: finder.environments(home))
    found, _ = finder.environments(home)
    # those of the machine's own folders come on top
    here = str(len(found))
    again = [_timed(lambda: finder.environments(home)) for _ in range(LISTINGS)]
    seconds, cpu = (statistics.median(times) for times in zip(*again, strict=True))
    yield "for the first time", here, f"{first * 1000:.1f}", f"{first_cpu * 1000:.1f}"
    yield "nothing has changed", here, f"{seconds * 1000:.2f}", f"{cpu * 1000:.2f}"


def _lay_out(path: Path) -> None:
    """Write what a virtual environment with ipykernel looks like to who reads its files."""
    site = path / f"lib/python3.{sys.version_info[1]}/site-packages"
    site.mkdir(parents=True)
    (site / "ipykernel_launcher.py").touch()
    (path / "bin").mkdir()
    (path / "bin/python").symlink_to(base_python())
    (path / "pyvenv.cfg").write_text(
        f"home = {Path(base_python()).parent}\nversion = 3.{sys.version_info[1]}\n"
    )


def _making(folder: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """Yield the times of each way, which take turns, and its ratio to the usual way of the same tool."""
    uv = find_uv()
    if uv is None:
        raise SystemExit("There is no uv; install it.")
    ways: dict[str, Callable[[Path], None]] = {
        UV: lambda place: _with_uv(uv, place),
        "ours, with uv": lambda place: _ours(place, uv),
        PIP: _by_hand,
        "ours, without uv": lambda place: _ours(place, None),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for number, (name, way) in enumerate(ways.items()):
            place = folder / f"{turn}-{number}"
            place.mkdir(parents=True)
            (place / "requirements.txt").write_text(REQUIREMENTS)
            begun = time.perf_counter()
            way(place)
            if turn:  # the first one fills the caches
                times[name].append(time.perf_counter() - begun)
    for name, reference in zip(ways, (UV, UV, PIP, PIP), strict=True):
        middle = statistics.median(times[name])
        ratio = middle / statistics.median(times[reference])
        yield name, f"{middle:.2f}", f"{min(times[name]):.2f}", f"{ratio:.2f}"


def _with_uv(uv: str, place: Path) -> None:
    _run(uv, "venv", "--no-python-downloads", "--python", base_python(), str(place / ".venv"))
    install = (uv, "pip", "install", "--python", str(place / ".venv/bin/python"))
    _run(*install, "-r", str(place / "requirements.txt"), "ipykernel")


def _by_hand(place: Path) -> None:
    _run(base_python(), "-m", "venv", str(place / ".venv"))
    install = (str(place / ".venv/bin/python"), "-m", "pip", "install", "--disable-pip-version-check")
    _run(*install, "-r", str(place / "requirements.txt"), "ipykernel")


def _ours(place: Path, uv: str | None) -> None:
    request = CreateRequest(str(place), file=str(place / "requirements.txt"))
    create(request, lambda _: None, lambda: None, lambda: uv)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds on the clock and of the processor."""
    begun, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - begun, time.process_time() - cpu


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
