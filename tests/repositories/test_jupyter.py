"""The user's Jupyter servers: which one shows a folder, and what is sent to it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conda_store_labext.repositories.jupyter import JupyterServer, server_for


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Jupyter's runtime folder."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def answering() -> Iterator[tuple[str, list[str]]]:
    """Something at an address that answers as a server does; what it was signed in with is listed."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Keep quiet."""

        def do_GET(self) -> None:
            """Answer."""
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{http.server_address[1]}/", seen
    http.shutdown()
    http.server_close()


def announce(runtime: Path, name: str, url: str, root: Path, pid: int, **more: object) -> None:
    """Write the file in which a server says where it is."""
    content = {"url": url, "root_dir": str(root), "pid": pid, "token": "t", **more}
    (runtime / f"jpserver-{name}.json").write_text(json.dumps(content))


def test_the_server_with_the_nearest_root_is_taken_and_the_dead_and_damaged_are_not(
    runtime: Path, tmp_path: Path, answering: tuple[str, list[str]]
) -> None:
    url, _ = answering
    work = tmp_path / "work" / "course"
    work.mkdir(parents=True)
    announce(runtime, "far", url, tmp_path, os.getpid())
    announce(runtime, "near", f"{url}near/", tmp_path / "work", os.getpid())
    announce(runtime, "dead", url, work, 2**22 + 1)
    announce(runtime, "deaf", "http://127.0.0.1:9/", work, os.getpid())
    announce(runtime, "password", url, work, os.getpid(), token="", password=True)
    announce(runtime, "elsewhere", url, tmp_path / "other", os.getpid())
    (runtime / "jpserver-cut.json").write_text('{"url"')
    (runtime / "jpserver-list.json").write_text("[]")
    server = server_for(work)
    assert server is not None
    assert server.url == f"{url}near/"
    assert server.path_of(work / "a b.ipynb") == "course/a b.ipynb"
    assert server.page("course/a b#.ipynb") == f"{url}near/lab/tree/course/a%20b%23.ipynb?token=t"
    assert server_for(Path("/")) is None


def test_the_token_is_sent_whatever_a_netrc_says_and_is_in_no_repr(
    home: Path, answering: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, seen = answering
    (home / ".netrc").write_text("machine 127.0.0.1 login ada password other\n")
    (home / ".netrc").chmod(0o600)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    server = JupyterServer(url, home, os.getpid(), "SECRET")
    assert server.answers()
    assert seen == ["token SECRET"]
    assert "SECRET" not in repr(server)
