"""Byte code for an image: the same for the same source, which has the time that all files in images have."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ...errors import WorkerDied
from .content import PREFIX, TIME

# Takes the path of a source in the environment and the file with it, a line each. The byte code is dumped
# without references, which follow from what else the process has in memory.
PROGRAM = """
import importlib.util, marshal, os, sys, warnings
warnings.simplefilter("ignore")
prefix, out, time = sys.argv[1:]
for line in sys.stdin:
    path, name = line.rstrip("\\n"), sys.stdin.readline().rstrip("\\n")
    try:
        with open(name, "rb") as file:
            source = file.read()
        code = compile(source, prefix + "/" + path, "exec", dont_inherit=True, optimize=0)
    except Exception:
        continue  # a template, or another Python's syntax
    try:
        dumped = marshal.dumps(code, 2)
    except ValueError:
        dumped = marshal.dumps(code)
    made = importlib.util.cache_from_source(path, optimization="")
    numbers = (0, int(time), len(source) & 0xFFFFFFFF)
    head = importlib.util.MAGIC_NUMBER + b"".join(number.to_bytes(4, "little") for number in numbers)
    os.makedirs(os.path.join(out, os.path.dirname(made)), exist_ok=True)
    with open(os.path.join(out, made), "wb") as file:
        file.write(head + dumped)
"""
# the order of sets in byte code follows from it
VARIABLES = {"PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1", "LC_ALL": "C.UTF-8"}


def compile_all(prefix: Path, sources: Mapping[str, Path], out: Path) -> dict[str, Path]:
    """Compile sources, by their paths in the environment in `prefix`, into a new folder; likewise by paths.

    Raises WorkerDied where the environment's Python does not run.
    """
    python = prefix / "bin" / "python"
    if not sources or not python.exists():
        return {}
    out.mkdir()
    lines = [f"{path}\n{file}\n" for path, file in sources.items() if "\n" not in f"{path}{file}"]
    processes = min(os.cpu_count() or 1, 8)
    running = [
        subprocess.Popen(
            [python, "-S", "-B", "-X", "utf8", "-c", PROGRAM, PREFIX, out, str(TIME)],
            cwd=out,
            env=VARIABLES,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    try:
        for number, process in enumerate(running):
            assert process.stdin is not None
            process.stdin.write("".join(lines[number::processes]).encode("utf-8", "surrogateescape"))
            process.stdin.close()
        for process in running:
            assert process.stderr is not None
            said = process.stderr.read().decode(errors="replace").strip()
            if process.wait():
                raise WorkerDied(
                    f"{python} cannot compile the environment: {said[-300:] or 'it was killed'}."
                )
    finally:
        for process in running:
            process.kill()
            process.wait()
    return {file.relative_to(out).as_posix(): file for file in out.rglob("*.pyc")}
