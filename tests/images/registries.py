"""Registries of images: Debian's, and one that takes every liberty that others were seen to take."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from tests.headless.hub import free_ports
from tests.stores import wait_until

CONFIGURATION = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/blobs}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@contextmanager
def debian_registry(folder: Path) -> Iterator[str]:
    """Run Debian's docker-registry meanwhile; its host and port."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed (apt-get install docker-registry)")
    (port,) = free_ports(1)
    (folder / "registry.yml").write_text(CONFIGURATION.format(folder=folder, port=port))
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([program, "serve", folder / "registry.yml"], stdout=log, stderr=log) as process,
    ):
        try:

            def answers() -> bool:
                assert process.poll() is None, (folder / "log").read_text()
                try:
                    return requests.get(f"http://127.0.0.1:{port}/v2/", timeout=5).ok
                except requests.ConnectionError:
                    return False

            wait_until(answers)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


class Particular:
    """A registry that refuses whatever it may, wants tokens that end, and names uploads as it likes."""

    def __init__(self, lifetime: float) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.tokens: dict[str, float] = {}
        self.refused: list[str] = []
        self._lifetime = lifetime
        self._made = 0

    def token(self) -> str:
        """Return a new token, with the time at which it ends."""
        self._made += 1
        made = f"token-{self._made}"
        self.tokens[made] = time.monotonic() + self._lifetime
        return made

    def known(self, token: str) -> bool:
        """Tell whether a token is good."""
        return self.tokens.get(token, 0.0) > time.monotonic()

    def faults(self, body: bytes) -> str | None:
        """Return why a manifest is refused, None if it is not."""
        manifest = json.loads(body)
        if manifest.get("mediaType") != "application/vnd.oci.image.manifest.v1+json":
            return "invalid JSON: mediaType"
        if set(manifest) - {"schemaVersion", "mediaType", "config", "layers"}:
            return "invalid JSON: unknown keys"
        blobs = [manifest["config"], *manifest["layers"]]
        if any("docker" in blob["mediaType"] for blob in blobs):
            return "mixed types"
        if any(blob["digest"] not in self.blobs for blob in blobs):
            return "blob unknown to registry"
        return None

    @contextmanager
    def running(self) -> Iterator[str]:
        """Let it answer meanwhile; its host and port."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def handler(registry: Particular) -> type[BaseHTTPRequestHandler]:
    """Return the handler of a registry's requests."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def error(self, status: int, message: str) -> None:
            registry.refused.append(message)
            self.answer(status, json.dumps({"errors": [{"code": "NO", "message": message}]}).encode())

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/token"):
                return self.answer(200, json.dumps({"token": registry.token()}).encode())
            if not registry.known(self.headers.get("Authorization", "").removeprefix("Bearer ")):
                realm = f"http://{self.headers['Host']}/token"
                challenge = f'Bearer realm="{realm}",service="particular",scope="repository:d:pull,push"'
                return self.answer(401, WWW_Authenticate=challenge)
            if self.command == "POST":
                return self.answer(202, Location="upload?state=a%20b&_state=c")
            if self.command == "PUT" and "/blobs/uploads/upload" in self.path:
                digest = re.search(r"[?&]digest=(sha256:\w+)$", self.path)
                assert "state=a%20b&_state=c" in self.path
                if not digest or f"sha256:{hashlib.sha256(body).hexdigest()}" != digest[1]:
                    return self.error(400, "digest invalid")
                registry.blobs[digest[1]] = body
                return self.answer(201)
            if self.command == "PUT":
                fault = registry.faults(body)
                if fault:
                    return self.error(400, fault)
                registry.manifests[self.path.rpartition("/")[2]] = body
                return self.answer(201)
            there = registry.blobs.get(self.path.rpartition("/")[2])
            return self.answer(404) if there is None else self.answer(200, there)

        do_GET = do_HEAD = do_POST = do_PUT  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Handler
