"""The Jupyter servers of the user: one whose root holds a folder, or a new one, and sessions there."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from jupyter_core.paths import jupyter_runtime_dir

from ..errors import NotConfigured, ServerError, TimedOut
from ..store.files import fresh_log

PROGRAMS = ("jupyterlab", "notebook")
STARTS_WITHIN = 90.0  # seconds
ANSWERS_WITHIN = 5.0  # seconds
LOG = "conda-store-open.log"


@dataclass(frozen=True)
class JupyterServer:
    """A running server: its address with a slash at the end, the folder that it serves, its process."""

    url: str
    root: Path
    pid: int
    token: str = field(repr=False)
    started: bool = False

    def path_of(self, file: Path) -> str:
        """Return a file's path from the root, with `/`."""
        relative = file.resolve().relative_to(self.root.resolve()).as_posix()
        return "" if relative == "." else relative

    def page(self, path: str) -> str:
        """Return the address of the page that shows a file or folder, with the token."""
        tree = f"lab/tree/{quote(path)}" if path else "lab"
        return f"{self.url}{tree}" + (f"?token={quote(self.token)}" if self.token else "")

    def session(self, path: str, kernel: str) -> tuple[str, bool]:
        """Have a session of a notebook with a kernel; return the kernel that it has and whether it is new.

        A session that is there keeps its kernel, for somebody's work is in it.
        """
        for session in self._ask("GET", "sessions"):
            if session.get("path") == path:
                return str((session.get("kernel") or {}).get("name", "")), False
        body = {"path": path, "name": path.rsplit("/", 1)[-1], "type": "notebook", "kernel": {"name": kernel}}
        made = self._ask("POST", "sessions", body)
        return str(made["kernel"]["name"]), True

    def answers(self) -> bool:
        """Tell whether it lets us in."""
        try:
            self._ask("GET", "status")
        except ServerError:
            return False
        return True

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            with requests.Session() as session:
                # the server is the user's own: no proxy lies on the way, and a .netrc knows nothing of it
                session.trust_env = False
                answer = session.request(
                    method,
                    f"{self.url}api/{path}",
                    headers={"Authorization": f"token {self.token}"},
                    json=body,
                    timeout=ANSWERS_WITHIN if method == "GET" else STARTS_WITHIN,
                )
                answer.raise_for_status()
                return answer.json()
        except (requests.RequestException, ValueError) as error:
            why = type(error).__name__
            response = getattr(error, "response", None)
            if response is not None:
                why = f"status {response.status_code}"
                if said := _said(response):
                    raise ServerError(said) from None
            raise ServerError(
                f"The Jupyter server at {self.url} did not do what was asked ({why}); look at its log."
            ) from None


def running_servers() -> Iterator[JupyterServer]:
    """Yield the user's servers that run and that a token opens, the newest first."""
    files = sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json"), key=_changed, reverse=True)
    for file in files:
        server = _read(file)
        if server and _runs(server.pid):
            yield server


def server_for(folder: Path) -> JupyterServer | None:
    """Return a running server whose root holds a folder, the one with the nearest root."""
    holding = [server for server in running_servers() if _holds(server.root, folder)]
    for server in sorted(holding, key=lambda server: -len(server.root.resolve().parts)):
        if server.answers():
            return server
    return None


def start_server(folder: Path) -> JupyterServer:
    """Start JupyterLab with a folder as its root and return it once it answers; it goes on by itself.

    Raises NotConfigured where there is no JupyterLab, TimedOut with the place of the log.
    """
    program = next((name for name in PROGRAMS if find_spec(name)), None)
    if program is None:
        raise NotConfigured("There is no JupyterLab in this environment; install jupyterlab, then try again.")
    runtime = Path(jupyter_runtime_dir())
    runtime.mkdir(parents=True, exist_ok=True)
    log = runtime / LOG
    options = ["--no-browser", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    descriptor = fresh_log(log)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", program, *options],
            # in the environment, where other users do not see it
            env={**os.environ, "JUPYTER_TOKEN": secrets.token_hex(24)},
            cwd=folder.parent,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        server = _read(runtime / f"jpserver-{process.pid}.json")
        if server and server.answers():
            return JupyterServer(server.url, server.root, server.pid, server.token, started=True)
        time.sleep(0.1)
    if process.poll() is None:
        process.terminate()
    raise TimedOut(f"JupyterLab did not start; {log} says why.")


def _read(file: Path) -> JupyterServer | None:
    try:
        content = json.loads(file.read_bytes())
        if content.get("password") and not content.get("token"):
            return None
        return JupyterServer(
            str(content["url"]),
            Path(content["root_dir"]),
            int(content["pid"]),
            str(content.get("token") or ""),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _said(response: requests.Response) -> str:
    """Return the sentence that a Jupyter server answers a start with that failed; empty for none."""
    try:
        message = response.json()["message"]
    except (ValueError, LookupError, TypeError):
        return ""
    return message if isinstance(message, str) and message.endswith(".") else ""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _holds(root: Path, folder: Path) -> bool:
    return folder.resolve().is_relative_to(root.resolve())


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
