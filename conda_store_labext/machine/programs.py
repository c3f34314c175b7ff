"""Running the programs that make environments, each in a group of its own that is ended as a whole."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import InstallFailed
from ..kernels.overlaid import MISLEADING
from ..models.providers import Check, Report
from .naming import printable

MARK = re.compile(r"(?:error|cause|caused by):|×|╰─▶", re.IGNORECASE)  # what stands before a reason
MOST = 400  # characters of a reason
POLL = 0.1  # seconds between two looks at whether to go on
KEPT = 40  # lines of a program's output that tell why it failed
QUIET = {
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_PROGRESS_BAR": "off",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "NO_COLOR": "1",
}


def run(
    command: Sequence[str | Path],
    folder: Path,
    report: Report,
    check: Check,
    environ: Iterable[tuple[str, str]] = (),
) -> list[str]:
    """Run a program in a folder to its end and return its last lines; each goes to `report` as it comes.

    Raises InstallFailed with what the program said, and whatever `check` raises, the program's group ended.
    """
    variables = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**variables, **QUIET, **dict(environ)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise InstallFailed(f"{Path(command[0]).name} cannot be started ({error.strerror}).") from None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    kept: deque[str] = deque(maxlen=KEPT)
    try:
        while reader.is_alive() or not lines.empty():
            check()
            with suppress(queue.Empty):
                line = lines.get(timeout=POLL)
                kept.append(line)
                report(line)
        code = process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        raise InstallFailed(f"{_why(kept) or f'It ended with exit code {code}'}; the log says more.")
    return list(kept)


def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str]) -> None:
    assert process.stdout
    with process.stdout:
        for line in process.stdout:
            lines.put(printable(line.rstrip("\r\n").replace("\t", " ")))


def _why(lines: Iterable[str]) -> str:
    """Return what in a program's last lines says why it failed, as the beginning of a sentence."""
    messages = [line.strip() for line in lines if line.strip()]
    errors = [line for line in messages if line.lower().startswith(("error:", "×"))]
    # uv says the reason below, or beside, its first line
    below = [line for line in messages if line.lower().startswith(("cause:", "caused by:", "╰─▶"))]
    chosen = [errors[0], *below[-1:]] if errors else messages[-1:]
    reason = ": ".join(MARK.sub("", line).strip(" .:") for line in chosen)
    return reason[:1].upper() + reason[1:MOST]
