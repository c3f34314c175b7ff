"""Byte code of noarch packages, compiled by the environment's own Python."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from ...store.layout import COMPILING

# Takes a path a line, below its working folder; answers with the path of the byte code, or an empty line.
# What Python itself wrote meanwhile is left as it is. `dfile` is what tracebacks show: the path at which the
# file will be.
PROGRAM = """
import importlib.util, os, py_compile, sys, warnings
warnings.simplefilter("ignore")
prefix, idle, _ = sys.argv[1:]
if idle:
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
mode = py_compile.PycInvalidationMode.TIMESTAMP
def compiled(path):
    made, status = importlib.util.cache_from_source(path), os.stat(path)
    numbers = (0, int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
    head = importlib.util.MAGIC_NUMBER + b"".join(number.to_bytes(4, "little") for number in numbers)
    try:
        with open(made, "rb") as file:
            if file.read(16) == head:
                return made
    except OSError:
        pass
    return py_compile.compile(path, dfile=prefix + "/" + path, doraise=True, invalidation_mode=mode)
for line in sys.stdin:
    try:
        made = compiled(line.rstrip("\\n"))
    except Exception:
        made = ""
    print(made, flush=True)
"""
# nothing of the environment's packages is run: no site, no folder of scripts on the path
OPTIONS = ("-I", "-S", "-B", "-X", "utf8", "-c", PROGRAM)
PATIENCE = 0.5  # seconds that a file has when nobody wants to wait any longer
_HALF = re.compile(r"\.pyc\.\d+$")


class Compiler:
    """Compiles files below `folder` in as many `processes`, once it is started.

    Unless somebody waits for it, it takes what others leave of the processor (`idle`). What cannot be
    compiled (templates, the syntax of another Python) is left out.
    """

    def __init__(self, folder: Path, prefix: Path, processes: int = 1, *, idle: bool = True) -> None:
        self._folder = folder
        self._prefix = prefix
        self._count = processes
        self._idle = idle
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._added: dict[bytes, None] = {}
        self._made: dict[bytes, bytes] = {}
        self._done: set[bytes] = set()
        self._threads: list[threading.Thread] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def started(self) -> bool:
        """Tell whether processes are at work."""
        return bool(self._threads)

    @property
    def left(self) -> list[bytes]:
        """The sources that were added and not compiled yet; those that cannot be are not among them."""
        return [path for path in self._added if path not in self._done]

    def add(self, paths: Iterable[bytes]) -> None:
        """Have files compiled, which stay as they are from now on."""
        for path in paths:
            if b"\n" not in path:
                self._added[path] = None
                self._waiting.put(path)

    def start(self, python: Path) -> None:
        """Begin, with an interpreter that works by now."""
        for _ in range(self._count):
            thread = threading.Thread(target=self._work, args=(python,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def finish(self, check: Callable[[], None] = lambda: None) -> dict[bytes, bytes]:
        """Wait for everything that was added and return the byte code's path by the source's.

        `check` is called meanwhile and may raise.
        """
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            while thread.is_alive():
                check()
                thread.join(0.1)
        return self._made

    def stop(self) -> dict[bytes, bytes]:
        """End soon, whatever waits, and return what was made; nothing is left half written."""
        self._stopped = True
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(PATIENCE)
        with self._lock:
            for process in self._processes:
                with suppress(OSError):
                    process.kill()
        for thread in self._threads:
            thread.join()
        return self._made

    def _work(self, python: Path) -> None:
        with self._lock:
            if self._stopped:
                return
            try:
                process = subprocess.Popen(
                    [python, *OPTIONS, self._prefix, "idle" if self._idle else "", COMPILING],
                    cwd=self._folder,
                    env={"LC_ALL": "C.UTF-8"},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError:
                return
            self._processes.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        path: bytes | None = None
        try:
            while (path := self._waiting.get()) is not None and not self._stopped:
                process.stdin.write(path + b"\n")
                process.stdin.flush()
                answer = process.stdout.readline()
                if not answer:  # it died: without byte code the environment is slower, and right
                    break
                if made := answer.rstrip(b"\n"):
                    self._made[path] = made
                self._done.add(path)
        except OSError:
            pass
        finally:
            with suppress(OSError):
                process.stdin.close()
            process.stdout.close()
            process.wait()
            if path is not None and path not in self._done:
                clear_half_written(self._folder, (path,))


def clear_half_written(folder: Path, sources: Iterable[bytes]) -> None:
    """Delete the byte code of sources that a killed process left half written, under names of their own."""
    for above in {os.fsdecode(source.rpartition(b"/")[0]) for source in sources}:
        cache = folder / above / "__pycache__"
        with suppress(OSError):
            for file in list(cache.iterdir()):
                if _HALF.search(file.name):
                    file.unlink(missing_ok=True)


def interpreter(folder: Path) -> Path | None:
    """Return the Python in an environment, None where it has none that runs."""
    programs = sorted((folder / "bin").glob("python3.*[0-9t]"))
    return next((path for path in programs if os.access(path, os.X_OK) and not path.is_symlink()), None)
