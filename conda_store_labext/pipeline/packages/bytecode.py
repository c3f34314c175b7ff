"""Byte code of noarch packages, compiled by the environment's own Python before anybody waits for it."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

# Takes a path a line, below its working folder; answers with the path of the byte code, or an empty line.
# `dfile` is what tracebacks show: the path at which the file will be.
PROGRAM = """
import py_compile, sys, warnings
warnings.simplefilter("ignore")
prefix = sys.argv[1]
mode = py_compile.PycInvalidationMode.TIMESTAMP
for line in sys.stdin:
    path = line.rstrip("\\n")
    try:
        made = py_compile.compile(path, dfile=prefix + "/" + path, doraise=True, invalidation_mode=mode)
    except Exception:
        made = ""
    print(made, flush=True)
"""
# nothing of the environment's packages is run: no site, no folder of scripts on the path
OPTIONS = ("-I", "-S", "-B", "-X", "utf8", "-c", PROGRAM)


class Compiler:
    """Compiles files below `folder` in as many processes as there are processors, once it is started.

    What cannot be compiled (templates, the syntax of another Python) is left out.
    """

    def __init__(self, folder: Path, prefix: Path) -> None:
        self._folder = folder
        self._prefix = prefix
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._made: dict[bytes, bytes] = {}
        self._threads: list[threading.Thread] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def started(self) -> bool:
        """Tell whether processes are at work."""
        return bool(self._threads)

    def add(self, paths: Iterable[bytes]) -> None:
        """Have files compiled, which stay as they are from now on."""
        for path in paths:
            if b"\n" not in path:
                self._waiting.put(path)

    def start(self, python: Path) -> None:
        """Begin, with an interpreter that works by now."""
        for _ in range(min(os.cpu_count() or 1, 8)):
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

    def stop(self) -> None:
        """Give up at once."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                with suppress(OSError):
                    process.kill()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, python: Path) -> None:
        with self._lock:
            if self._stopped:
                return
            try:
                process = subprocess.Popen(
                    [python, *OPTIONS, self._prefix],
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
        try:
            while (path := self._waiting.get()) is not None and not self._stopped:
                process.stdin.write(path + b"\n")
                process.stdin.flush()
                made = process.stdout.readline().rstrip(b"\n")
                if made:
                    self._made[path] = made
        except OSError:  # it died: without byte code the environment is slower, and right
            pass
        finally:
            with suppress(OSError):
                process.stdin.close()
            process.stdout.close()
            process.wait()
