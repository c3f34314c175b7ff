"""Repositories to open: bare ones on disk, and a server of them as `git http-backend` is run behind HTTP."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

USER, PASSWORD = "ada", "s3cret-of-ada"
AUTHOR = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git as the author of a repository would."""
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **AUTHOR, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@dataclass
class Origin:
    """A bare repository and the folder in which its author works."""

    bare: Path
    work: Path

    @property
    def url(self) -> str:
        """Its address on this machine."""
        return self.bare.as_uri()

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "Change") -> str:
        """Write files (None deletes one), commit and push them; return the commit."""
        for name, text in files.items():
            path = self.work / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "-m", message)
        self.push()
        return git(self.work, "rev-parse", "HEAD")

    def push(self, *arguments: str) -> None:
        """Push what the author has."""
        git(self.work, "push", "--quiet", *(arguments or ("origin", "HEAD")))


def make_origin(folder: Path, name: str = "course", files: Mapping[str, str | bytes] | None = None) -> Origin:
    """Make a repository with a first commit on `main`."""
    bare, work = folder / "origins" / f"{name}.git", folder / "authors" / name
    bare.mkdir(parents=True)
    work.mkdir(parents=True)
    git(bare, "init", "--quiet", "--bare", "--initial-branch=main")
    git(bare, "config", "uploadpack.allowFilter", "true")
    git(bare, "config", "http.receivepack", "true")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "remote", "add", "origin", str(bare))
    origin = Origin(bare, work)
    origin.commit(files or {"README.md": "# Course\n"}, "Begin")
    return origin


@dataclass
class Server:
    """A server of the repositories below a folder; `password` is asked for where there is one."""

    root: Path
    password: str | None = None
    readonly: bool = False
    seen: list[str] = field(default_factory=list)
    url: str = ""

    def address(self, origin: Origin) -> str:
        """Return the address of a repository."""
        return f"{self.url}/{origin.bare.relative_to(self.root)}"


@contextmanager
def serving(root: Path, password: str | None = None, *, readonly: bool = False) -> Iterator[Server]:
    """Serve the repositories below a folder on this machine."""
    server = Server(root, password, readonly)

    class Handler(_Handler):
        answering = server

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Hands requests to `git http-backend`; `/loop` redirects for ever, `/deaf` and `/trickle` never end."""

    answering: Server
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Keep quiet."""

    def do_GET(self) -> None:
        """Answer."""
        parts = urlsplit(self.path)
        self.answering.seen.append(self.path)
        if parts.path.startswith("/loop"):
            self.send_response(302)
            self.send_header("Location", f"/loop/{time.monotonic_ns()}/info/refs?{parts.query}")
            self.end_headers()
            return
        if parts.path.startswith(("/deaf", "/trickle")):
            self._keep_waiting(parts.path.startswith("/trickle"))
            return
        pushes = "git-receive-pack" in self.path
        if not self._signed_in() or (pushes and self.answering.readonly):
            self.send_response(403 if self._signed_in() else 401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
            return
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else self._chunks()
        backend = subprocess.run(
            [shutil.which("git") or "git", "http-backend"],
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.answering.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_USER": USER if self.answering.password else "",
                "REMOTE_ADDR": "127.0.0.1",
            },
            input=body,
            capture_output=True,
            check=False,
        )
        head, _, answer = backend.stdout.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().splitlines()]
        status = next((int(value.split()[0]) for name, _, value in lines if name == "Status"), 200)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(status)
            for name, _, value in lines:
                if name != "Status":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815

    def _signed_in(self) -> bool:
        if self.answering.password is None:
            return True
        pair = base64.b64encode(f"{USER}:{self.answering.password}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {pair}"

    def _keep_waiting(self, trickle: bool) -> None:
        with suppress(OSError):
            if trickle:
                self.send_response(200)
                self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
                self.end_headers()
                self.wfile.write(b"001e# service=git-upload-pack\n")
            while trickle:
                self.wfile.write(b"0")
                self.wfile.flush()
                time.sleep(0.2)
            self.connection.settimeout(60)
            self.connection.recv(1)

    def _chunks(self) -> bytes:
        body = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline().strip() or b"0", 16):
                body += self.rfile.read(size)
                self.rfile.readline()
        return body
