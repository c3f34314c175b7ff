"""Other installers of the same packages: py-rattler's installer, and uv with the wheels."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from .table import seconds, table

HEAD = ("big, cold, uncapped", "seconds", "CPU s")
# installs exact packages and prints the seconds of the installation alone
RATTLER = """
import asyncio, json, sys, time
import rattler

async def main(channel, specs, prefix, cache):
    records = await rattler.solve(
        sources=[channel],
        specs=specs,
        platforms=[rattler.Subdir("linux-64"), rattler.Subdir("noarch")],
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    start = time.perf_counter()
    await rattler.install(records, target_prefix=prefix, cache_dir=cache, show_progress=False)
    print(time.perf_counter() - start, flush=True)

asyncio.run(main(sys.argv[1], json.load(sys.stdin), *sys.argv[2:4]))
"""


class Installers:
    """Runs them in turns, with nothing cached and with everything cached; `folder` may be written to.

    `wheels` in `folder` are those that uv installs; without any, or without uv, it is left out.
    """

    def __init__(self, folder: Path, url: str, lockfile: dict[str, Any], rounds: int) -> None:
        self._folder = folder
        self._channel = url.removesuffix("/conda-store") + "/conda-forge"
        self._specs = [f"{row['name']}=={row['version']}" for row in lockfile["package"]]
        self._rounds = rounds
        self._wheels = folder / "wheels"

    def table(self, client: Callable[[Path], object]) -> str:
        """Return the table; `client` is conda-store's own, which fetches the archive into a folder."""
        ways: dict[str, Callable[[], float]] = {
            "conda-store client": lambda: self._clocked(lambda to: client(to)),
            "py-rattler install": lambda: self._rattler(warm=False),
            "py-rattler install, all in its cache": lambda: self._rattler(warm=True),
        }
        uv = shutil.which("uv")
        if uv and self._wheels.is_dir():
            ways["uv pip sync"] = lambda: self._uv(uv, warm=False)
            ways["uv pip sync, all in its cache"] = lambda: self._uv(uv, warm=True)
        taken: dict[str, list[float]] = {name: [] for name in ways}
        used: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(self._rounds + 1):
            for name, way in ways.items():
                print(f"- {name}, round {number}", file=sys.stderr, flush=True)
                before = _children_cpu()
                took = way()
                if number:
                    taken[name].append(took)
                    used[name].append(_children_cpu() - before)
        return table(
            HEAD, [(name, seconds(median(taken[name])), seconds(median(used[name]))) for name in ways]
        )

    def _clocked(self, run: Callable[[Path], object]) -> float:
        target = self._empty("run")
        start = time.perf_counter()
        run(target)
        return time.perf_counter() - start

    def _rattler(self, *, warm: bool) -> float:
        prefix, cache = self._empty("run") / "prefix", self._folder / "rattler"
        if not warm:
            shutil.rmtree(cache, ignore_errors=True)
        program = [sys.executable, "-c", RATTLER, self._channel, str(prefix), str(cache)]
        run = subprocess.run(
            program, input=json.dumps(self._specs), stdout=subprocess.PIPE, text=True, check=False
        )
        return float(re.findall(r"^[0-9.]+$", run.stdout, re.MULTILINE)[0])  # it may crash at its end

    def _uv(self, uv: str, *, warm: bool) -> float:
        target, cache = self._empty("run"), self._folder / "uv"
        if not warm:
            shutil.rmtree(cache, ignore_errors=True)
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, target / "venv"], check=True)
        names = (file.name.split("-") for file in sorted(self._wheels.glob("*.whl")))
        listed = target / "requirements.txt"
        listed.write_text("".join(f"{name}=={version}\n" for name, version, *_ in names), "utf-8")
        options = [
            "--no-index",
            "--find-links",
            str(self._wheels),
            "--cache-dir",
            str(cache),
            "--compile-bytecode",
        ]
        environ = {**os.environ, "VIRTUAL_ENV": str(target / "venv")}
        start = time.perf_counter()
        subprocess.run([uv, "pip", "sync", "--quiet", *options, listed], env=environ, check=True)
        return time.perf_counter() - start

    def _empty(self, name: str) -> Path:
        folder = self._folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


def _children_cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system
