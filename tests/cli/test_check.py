"""`check`: every finding is a sentence, and where something is wrong it says what to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.cli.running import UNREACHABLE, CommandLine
from tests.stores import RunningStore


def findings(command_line: CommandLine, *, fails: bool, **environ: str) -> dict[str, dict[str, Any]]:
    """Run the command and return its findings by what they are about."""
    done = command_line("check", "--json", **environ)
    assert done.returncode == int(fails), done.stdout + done.stderr
    assert done.stderr == ""
    found = json.loads(done.stdout)
    for finding in found:
        assert finding["message"].endswith("."), finding
        assert finding["verdict"] != "problem" or finding["advice"].endswith("."), finding
    return {finding["about"]: finding for finding in found}


def test_a_server_that_works_has_no_problem(command_line: CommandLine, store: RunningStore) -> None:
    found = findings(command_line, fails=False)
    assert {finding["verdict"] for finding in found.values()} <= {"ok", "note"}
    assert store.url in found["server"]["message"]
    assert {"folder", "clock", "sign-in", "environments", "archives", "link", "kernels"} <= set(found)
    assert "bit/s" in found["link"]["message"]
    shown = command_line("check")
    assert shown.returncode == 0
    for text in (store.admin_token, store.viewer_token):
        assert text not in shown.stdout + shown.stderr + json.dumps(found)


def test_an_expired_token_is_said(command_line: CommandLine, store: RunningStore) -> None:
    found = findings(command_line, fails=True, CONDA_STORE_TOKEN=store.expired_token)
    assert found["server"]["verdict"] == "ok"
    assert found["sign-in"]["verdict"] == "problem"
    assert "Renew" in found["sign-in"]["advice"]


@pytest.mark.parametrize(
    ("url", "named"),
    [
        (UNREACHABLE, "cannot be reached"),
        ("http://no-such-host.invalid/conda-store", "no-such-host.invalid is not known"),
        ("ftp://conda-store", "CONDA_STORE_URL"),
    ],
)
def test_a_server_that_cannot_be_reached_is_said(command_line: CommandLine, url: str, named: str) -> None:
    found = findings(command_line, fails=True, CONDA_STORE_URL=url)
    assert named in found["server"]["message"]
    assert "kernels" in found, "the rest is looked at all the same"


def test_without_a_server_the_local_store_is_offered(command_line: CommandLine) -> None:
    found = findings(command_line, fails=True, CONDA_STORE_URL="")
    assert "local store" in found["server"]["advice"]


def test_a_clock_that_differs_is_said(command_line: CommandLine, store: RunningStore) -> None:
    asked: list[str] = []
    with _at_another_time(store.url, timedelta(minutes=20), asked) as url:
        found = findings(command_line, fails=True, CONDA_STORE_URL=url)
    assert asked.count("/api/v1/") == 1, "one request tells the version and the time"
    assert found["clock"]["message"] == "This machine's clock is 20 min behind the server's."


def test_a_folder_that_cannot_be_written_is_said(command_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    found = findings(
        command_line,
        fails=True,
        CONDA_STORE_LABEXT_FOLDER=str(file / "copies"),
        CONDA_STORE_LABEXT_SHARED=str(tmp_path / "absent"),
    )
    assert str(file) in found["folder"]["message"]
    assert "CONDA_STORE_LABEXT_FOLDER" in found["folder"]["advice"]
    assert "does not exist" in found["store in front"]["message"]


def test_an_extension_that_is_switched_off_is_said(command_line: CommandLine, tmp_path: Path) -> None:
    folder = Path(command_line.environ["JUPYTER_CONFIG_DIR"])
    folder.mkdir(parents=True)
    file = folder / "jupyter_server_config.json"
    switched_off = {"ServerApp": {"jpserver_extensions": {"conda_store_labext": False}}}
    file.write_text(json.dumps(switched_off), encoding="utf-8")
    found = findings(command_line, fails=True)
    assert str(file) in found["server extension"]["message"]


@contextmanager
def _at_another_time(server: str, ahead: timedelta, asked: list[str]) -> Iterator[str]:
    """Pass requests on to a server whose answers then have another date; yield the URL to ask.

    The paths of the requests go into `asked`.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            with urlopen(Request(server + self.path, headers=dict(self.headers))) as answer:
                body = answer.read()
                self.send_response_only(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Date", format_datetime(datetime.now(timezone.utc) + ahead, usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}"
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
