"""A real JupyterHub behind its own proxy, and people who sign in to it with a browser's cookies."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.stores import PATIENCE

PROXY = Path(__file__).parents[2] / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
PASSWORD = "one-for-all"
START_SECONDS = 600
DROPPED = (503, 504)  # what is answered instead of an answer that takes too long

CONFIGURATION = """
import json, os, pathlib
settings = json.loads(pathlib.Path(__file__).with_name("settings.json").read_text())
c = get_config()
c.JupyterHub.bind_url = settings["url"]
c.JupyterHub.hub_bind_url = settings["hub_url"]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = settings["password"]
c.Authenticator.allowed_users = set(settings["users"])
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = settings["homes"] + "/{username}"
c.Spawner.cmd = settings["command"]
c.Spawner.environment = settings["environment"]
c.ConfigurableHTTPProxy.api_url = settings["api_url"]
c.ConfigurableHTTPProxy.command = settings["proxy"]
c.JupyterHub.cleanup_servers = True
"""
OWN_TOKENS = """
def give_token(spawner):
    spawner.environment = {**spawner.environment, "CONDA_STORE_TOKEN": settings["users"][spawner.user.name]}

c.Spawner.pre_spawn_hook = give_token
"""


class Hub:
    """A running hub: `users` are names with their conda-store tokens, `environment` is what all servers get.

    The proxy gives up on requests that take longer than `limit` seconds, without one when it does by itself.
    `more` is the rest of the configuration, `tokens` what it may look up.
    """

    def __init__(
        self,
        folder: Path,
        users: Mapping[str, str],
        environment: Mapping[str, str],
        limit: float | None,
        more: str = OWN_TOKENS,
        tokens: Mapping[str, object] | None = None,
    ) -> None:
        node = shutil.which("node")
        assert node
        self.folder = folder
        self.url, hub_url, api_url = (f"http://127.0.0.1:{port}" for port in free_ports(3))
        settings = {
            "url": self.url,
            "hub_url": hub_url,
            "api_url": api_url,
            "users": dict(users),
            "password": PASSWORD,
            "tokens": tokens,
            "homes": str(folder / "homes"),
            "environment": dict(environment),
            "command": [sys.executable, "-m", "jupyterhub.singleuser", "--allow-root"],
            "proxy": [node, str(PROXY), *(() if limit is None else (f"--proxy-timeout={limit * 1000:.0f}",))],
        }
        (folder / "homes").mkdir(parents=True)
        (folder / "settings.json").write_text(json.dumps(settings))
        (folder / "hub.py").write_text(CONFIGURATION + more)
        self._log = folder / "hub.log"

    def __enter__(self) -> Hub:
        """Start it."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", "hub.py"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """End it, with the servers that it started."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        """The output of the hub, its proxy and all servers."""
        return self._log.read_text("utf-8", "replace")

    def _answers(self) -> bool:
        with suppress(requests.ConnectionError):
            return requests.get(f"{self.url}/hub/health", timeout=PATIENCE).ok
        return False


class Person:
    """Somebody who signed in and whose server runs; `answers` is all that was ever sent to the browser."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.base = f"{hub.url}/user/{name}/"
        self.answers: list[str] = []
        self._session = requests.Session()
        self._session.hooks["response"].append(self._remember)
        form = self._session.get(f"{hub.url}/hub/login", timeout=PATIENCE)
        field = re.search(r'name="_xsrf" value="([^"]+)"', form.text)
        assert field, form.text
        signed_in = self._session.post(
            f"{hub.url}/hub/login",
            data={"username": name, "password": PASSWORD, "_xsrf": field[1]},
            timeout=PATIENCE,
        )
        deadline = time.monotonic() + START_SECONDS
        page = signed_in
        # the hub shows a page of its own while the server starts
        while not page.ok or not page.url.startswith(self.base):
            assert time.monotonic() < deadline, hub.log
            time.sleep(0.2)
            page = self._session.get(f"{self.base}lab", timeout=PATIENCE)

    def __enter__(self) -> Person:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._session.close()

    def ask(self, method: str, path: str, body: object = None, tries: int = 6) -> requests.Response:
        """Send a request to the person's server, as its page would; again where the proxy did not wait."""
        headers = {"X-XSRFToken": self._cookies().get("_xsrf", "")}
        address = self.base + path
        answer = self._session.request(method, address, json=body, headers=headers, timeout=PATIENCE)
        if answer.status_code in DROPPED and tries > 1:
            return self.ask(method, path, body, tries - 1)
        return answer

    async def run(self, kernel: str, code: str) -> str:
        """Start a kernel, run code on it over the proxy's websocket, and return what it printed."""
        started = self.ask("POST", "api/kernels", {"name": kernel})
        assert started.status_code == 201, started.text
        address = f"{self.base}api/kernels/{started.json()['id']}/channels".replace("http", "ws", 1)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies().items())
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.base))
        channel = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies, "Origin": origin}))
        header = {
            "msg_id": "1",
            "msg_type": "execute_request",
            "session": "1",
            "username": "",
            "version": "5",
        }
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}}
        message = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell"}
        await channel.write_message(json.dumps(message | {"content": content | {"allow_stdin": False}}))
        printed = ""
        while (text := await channel.read_message()) is not None:
            answer: dict[str, Any] = json.loads(text)
            if answer["parent_header"].get("msg_id") != "1":
                continue
            printed += answer["content"].get("text", "")
            if answer["content"].get("execution_state") == "idle":
                break
        channel.close()
        assert self.ask("DELETE", f"api/kernels/{started.json()['id']}").status_code == 204
        return printed.strip()

    def _cookies(self) -> dict[str, str]:
        request = self._session.prepare_request(requests.Request("GET", self.base))
        pairs = (part.partition("=") for part in request.headers.get("Cookie", "").split("; "))
        return {name: value for name, _, value in pairs}

    def _remember(self, response: requests.Response, *_: object, **__: object) -> None:
        self.answers.append(f"{response.headers}\n{response.text}")


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens at, for programs that cannot be told to take any."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports
