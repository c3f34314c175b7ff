"""A shell at a terminal, and somebody who types."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

PROMPT = b"ready> "
PATIENCE = 300.0  # seconds

# Says what it was called with, in place of the program whose arguments are typed.
ECHO = '#!/bin/sh\necho "called: $(basename "$0") $* :end"\n'

# Takes the terminal for its own and becomes a program.
TAKE = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""

# How each is started, the file that it reads then, and what that says; the script is `_jupyter-conda-store`.
SHELLS = {
    "bash": (
        ("--noprofile", "--rcfile", ".rc", "-i"),
        ".rc",
        "PS1='{prompt}'; bind 'set enable-bracketed-paste off'; source ./_jupyter-conda-store\n",
    ),
    "zsh": (
        ("-d", "-i"),
        ".zshrc",
        "PS1='{prompt}'; unset zle_bracketed_paste; fpath=(~ $fpath); autoload compinit; compinit -u -D\n",
    ),
    "tcsh": (("-i",), ".tcshrc", "set prompt='{prompt}'; source ./_jupyter-conda-store\n"),
}


class Shell:
    """The shell at `path` with the script in its home; `programs` say how they are called."""

    def __init__(self, shell: str, path: str, home: Path, programs: tuple[str, ...]) -> None:
        arguments, setup, text = SHELLS[shell]
        (home / setup).write_text(text.format(prompt=PROMPT.decode()))
        binaries = home / "bin"
        binaries.mkdir()
        for name in programs:
            (binaries / name).write_text(ECHO)
            (binaries / name).chmod(0o755)
        environ = {
            "HOME": str(home),
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm",  # tcsh completes nothing on a dumb one
            "COLUMNS": "400",
        }
        self._terminal, theirs = os.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", TAKE, path, *arguments],
            cwd=home,
            env=environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._printed = b""
        self._wait_for(PROMPT)

    def __call__(self, line: str) -> str:
        """Return how a program was called after a line, the key that completes and Enter."""
        self._printed = b""
        os.write(self._terminal, line.encode() + b"\t\r")
        match = self._wait_for(rb"called: (.*?) :end.*" + PROMPT)
        return match[1].decode()

    def close(self) -> None:
        """End it."""
        os.close(self._terminal)
        self._process.kill()
        self._process.wait()

    def _wait_for(self, pattern: bytes) -> re.Match[bytes]:
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self._printed, re.DOTALL)):
            left = deadline - time.monotonic()
            assert left > 0, self._printed.decode("utf-8", "replace")
            if select.select([self._terminal], [], [], left)[0]:
                self._printed += os.read(self._terminal, 65536)
        return match
