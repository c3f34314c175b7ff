"""The `git` program: run with limits, cancellable, without prompts and without anything that others wrote.

Hooks, fsmonitor, LFS and submodules stay off, and so does every protocol but the address's own. Options
travel in git's environment, so that no secret is in a command line, and nothing of it is kept in a file.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import Cancelled, NotConfigured, RepositoryError, RepositoryUnreachable
from .messages import explain_git
from .process import GRACE, OnProgress, Reader, end, feed, size_of

POLL = 0.05  # seconds between two looks at a running git
MAX_OUTPUT = 64 * 1024 * 1024  # bytes of an answer
MAX_WORDS = 64 * 1024  # bytes of git's messages that are kept
SLOW, SLOW_FOR = 500, 30  # a transfer below so many bytes a second for so many seconds has broken off

# What git inherits of its own variables: who commits, how the user's own transport works.
_KEPT = re.compile(
    r"GIT_(?:SSH|SSH_COMMAND|ASKPASS|EXEC_PATH|SSL_\w+|PROXY_SSL_\w+|(?:AUTHOR|COMMITTER)_\w+"
    r"|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM))"
)
_OFF = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.pager": "cat",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "credential.interactive": "false",
    "advice.detachedHead": "false",
    "init.defaultBranch": "main",
    "filter.lfs.smudge": "",
    "filter.lfs.process": "",
    "filter.lfs.required": "false",
    "http.lowSpeedLimit": str(SLOW),
    "http.lowSpeedTime": str(SLOW_FOR),
}
# what a commit of the user's own needs
_OTHERS = ("core.hooksPath", "filter.")


@dataclass(frozen=True)
class Credential:
    """A user and a password or token that an address named; for the calls of one `Git` alone."""

    url: str
    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The HTTP header that signs in."""
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return f"Authorization: Basic {pair}"


@dataclass(frozen=True)
class Limits:
    """The most seconds that one git may run, and the most bytes that a folder may hold meanwhile."""

    seconds: float = 60.0
    size: int = 4_000_000_000


@dataclass(frozen=True)
class Git:
    """Runs git; `where` is what sentences call the repository.

    `protocols` are those that git may use, separated by colons. `on_progress` is called, from a thread, with
    what git does and how many percent of it are done. With `own`, hooks and password programs work as the
    user has them, for commits and pushes of the user's own.
    """

    where: str
    protocols: str = ""
    credential: Credential | None = field(default=None, repr=False)
    limits: Limits = Limits()
    cancelled: threading.Event = field(default_factory=threading.Event, repr=False)
    on_progress: OnProgress | None = field(default=None, repr=False)
    redirects: bool = True
    own: bool = False

    def within(self, seconds: float) -> Git:
        """Return the same with another time."""
        return replace(self, limits=replace(self.limits, seconds=seconds))

    def text(self, *arguments: str, folder: Path | None = None) -> str:
        """Run git in a folder and return what it printed, without the last line end."""
        return self.run(*arguments, folder=folder).decode("utf-8", "replace").rstrip("\n")

    def succeeds(self, *arguments: str, folder: Path) -> bool:
        """Tell whether git ends with 0; it raises for what keeps it from answering."""
        return self._run(arguments, folder, b"", {}, None)[0] == 0

    def branch(self, folder: Path) -> str | None:
        """Return the branch that is checked out; None where that is a commit by itself."""
        name = self.text("rev-parse", "--symbolic-full-name", "HEAD", folder=folder)
        return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None

    def run(
        self,
        *arguments: str,
        folder: Path | None = None,
        given: bytes = b"",
        variables: Mapping[str, str] | None = None,
        watched: Path | None = None,
    ) -> bytes:
        """Run git in a folder, with `given` as its input, and return what it printed.

        The size limit counts what is below `watched`. Raises what `explain_git` makes of git's words,
        Cancelled, RepositoryUnreachable after too long, and RepositoryError for too much.
        """
        code, output, words = self._run(arguments, folder, given, variables or {}, watched)
        if code:
            raise explain_git(words, self.where)
        return output

    def answer(
        self, *arguments: str, folder: Path, variables: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """Run git in a folder and return its exit code, what it printed and what it said."""
        return self._run(arguments, folder, b"", variables or {}, None)

    def _run(
        self,
        arguments: Iterable[str],
        folder: Path | None,
        given: bytes,
        variables: Mapping[str, str],
        watched: Path | None,
    ) -> tuple[int, bytes, str]:
        program = shutil.which("git")
        if program is None:
            raise NotConfigured("There is no git on this machine; install it, then try again.")
        process = subprocess.Popen(
            [program, *arguments],
            cwd=folder,
            env={**self.environment(folder), **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # its own children end with it, and no terminal is asked
        )
        output, words = (
            Reader(process.stdout, MAX_OUTPUT),
            Reader(process.stderr, MAX_WORDS, self.on_progress, last=True),
        )
        feeding = threading.Thread(target=feed, args=(process, given), daemon=True)
        feeding.start()
        try:
            self._wait(process, watched)
        finally:
            if process.poll() is None:
                end(process)
            for thread in (output, words, feeding):
                thread.join(GRACE)
        if output.overflowed:
            raise RepositoryError(f"git's output about {self.where} is too long; use a smaller repository.")
        return process.returncode, bytes(output.read), words.read.decode("utf-8", "replace")

    def _wait(self, process: subprocess.Popen[bytes], watched: Path | None) -> None:
        deadline = time.monotonic() + self.limits.seconds
        measured = time.monotonic()
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL)
                self._measure(watched)
                return
            if self.cancelled.is_set():
                raise Cancelled(f"Cancelled; nothing of {self.where} is left half done.")
            now = time.monotonic()
            if now > deadline:
                raise RepositoryUnreachable(
                    f"{self.where} was not done within {self.limits.seconds:g} seconds; "
                    "try again when its host answers faster, or allow it more time."
                )
            if watched and now - measured > 10 * POLL:
                measured = now
                self._measure(watched)

    def _measure(self, watched: Path | None) -> None:
        if watched and size_of(watched, self.limits.size) > self.limits.size:
            raise RepositoryError(
                f"{self.where} is larger than the limit of {self.limits.size // 1_000_000} MB; "
                "clone it by hand if it is meant."
            )

    def environment(self, folder: Path | None = None) -> dict[str, str]:
        """Return the variables that git runs with."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or _KEPT.fullmatch(name)
        }
        settings = dict(_OFF)
        if self.own:
            settings = {name: value for name, value in _OFF.items() if not name.startswith(_OTHERS)}
        else:
            kept = {**kept, "GIT_ASKPASS": "", "SSH_ASKPASS": ""}
        if not self.redirects:
            settings["http.followRedirects"] = "false"
        if self.credential:
            settings[f"http.{self.credential.url}.extraHeader"] = self.credential.header
        numbered = {f"GIT_CONFIG_KEY_{number}": name for number, name in enumerate(settings)}
        numbered |= {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())}
        return {
            "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=20",
            **kept,
            **numbered,
            "GIT_CONFIG_COUNT": str(len(settings)),
            "GIT_ALLOW_PROTOCOL": self.protocols or "none",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            # a folder without a repository of its own is none, whatever lies above it
            **({"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)} if folder else {}),
            "LC_ALL": "C",
        }
