"""Real Jupyter servers with the extension, as processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
import requests

from tests.stores import PATIENCE

from .invariants import MARK, wait_for

TOKEN = "jupyter-token"
SECONDS = 120.0  # for which they wait for conda-store
# what the machine has besides takes its time to load and is not what is looked at
OTHERS = ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals", "notebook", "notebook_shim")
REPOSITORY = Path(__file__).parents[2]


class Servers:
    """Starts servers; one process that has imported everything forks them."""

    def __init__(self) -> None:
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.survival.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
        )
        self._pids: list[int] = []

    @property
    def pid(self) -> int:
        """The process that forks them."""
        return self._zygote.pid

    def __enter__(self) -> Servers:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """End every server, then what forks them."""
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._zygote.communicate(timeout=PATIENCE)

    def start(
        self, home: Path, data: Path, store_url: str, mark: str, extensions: tuple[str, ...] = ()
    ) -> JupyterServer:
        """Start a server with folders of its own in `home`, and `data` as Jupyter's data folder."""
        config, runtime, log = home / "config", home / "runtime", home / "jupyter.log"
        config.mkdir(parents=True, exist_ok=True)
        settings = {
            "ServerApp": {
                "ip": "127.0.0.1",
                "port": 0,
                "open_browser": False,
                "allow_root": True,
                "root_dir": str(home),
                "jpserver_extensions": {
                    "conda_store_labext": True,
                    **dict.fromkeys(extensions, True),
                    **dict.fromkeys(OTHERS, False),
                },
            },
            "IdentityProvider": {"token": TOKEN},
            "CondaStoreApp": {"url": store_url, "timeout": SECONDS},
        }
        (config / "jupyter_server_config.json").write_text(json.dumps(settings))
        environment = {
            MARK: mark,
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_DATA_DIR": str(data),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "HOME": str(home),
        }
        assert self._zygote.stdin
        assert self._zygote.stdout
        asked = {"environment": environment, "log": str(log), "arguments": []}
        self._zygote.stdin.write(json.dumps(asked) + "\n")
        self._zygote.stdin.flush()
        pid = int(self._zygote.stdout.readline())
        self._pids.append(pid)
        return JupyterServer(pid, runtime / f"jpserver-{pid}.json", log)


class JupyterServer:
    """A running server."""

    def __init__(self, pid: int, info: Path, log: Path) -> None:
        self.pid = pid
        self.log = log
        assert wait_for(info.exists), log.read_text()
        assert wait_for(lambda: info.read_bytes().endswith(b"}")), log.read_text()
        self.url = json.loads(info.read_text())["url"]
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"token {TOKEN}"
        assert wait_for(self._answers), log.read_text()  # the file comes before the open port

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """Send one request to a route below `conda-store/`."""
        return self._session.request(method, f"{self.url}conda-store/{path}", json=body, timeout=PATIENCE)

    def begin(self, build_id: int | None = 1) -> requests.Response:
        """Ask for a build of `default/demo`."""
        body = {"namespace": "default", "environment": "demo", "build_id": build_id}
        return self.ask("POST", "copies", body)

    def known(self) -> list[dict[str, Any]]:
        """Return every copy that the server tells of."""
        copies: list[dict[str, Any]] = self.ask("GET", "copies").json()["copies"]
        return copies

    def ended(self, *keys: str) -> list[dict[str, Any]]:
        """Wait until these copies have ended and return them."""
        copies: list[dict[str, Any]] = []

        def done() -> bool:
            copies[:] = [copy for copy in self.known() if copy["key"] in keys]
            return len(copies) == len(keys) and all(
                copy["state"] not in ("waiting", "running") for copy in copies
            )

        assert wait_for(done), copies
        return copies

    def fetch(self, build_id: int | None = 1) -> dict[str, Any]:
        """Have a build brought here and return how that ended."""
        begun = self.begin(build_id)
        assert begun.status_code == 202, begun.text
        return self.ended(begun.json()["key"])[0]

    def signal(self, how: signal.Signals) -> None:
        """Send a signal to the server's process alone."""
        os.kill(self.pid, how)

    def gone(self, seconds: float = PATIENCE) -> bool:
        """Return whether the server's process ends in time."""
        return wait_for(lambda: not psutil.pid_exists(self.pid), seconds)

    def _answers(self) -> bool:
        with suppress(requests.ConnectionError):
            return self._session.get(f"{self.url}api", timeout=PATIENCE).ok
        return False

    def close(self) -> None:
        """Close the connections to it."""
        self._session.close()
