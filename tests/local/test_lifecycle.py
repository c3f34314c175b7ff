"""Starting, joining, stopping, and being killed: with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conda_store_labext.errors import LocalStoreError
from conda_store_labext.local import LocalServer
from conda_store_labext.local.process_groups import ProcessId
from conda_store_labext.local.state import Record, read_record, write_record
from conda_store_labext.models import LocalStoreState, LocalStoreStatus
from tests.stores import PATIENCE, processes_of, wait_until

START = """
import sys
from pathlib import Path
from conda_store_labext.local import LocalSettings, LocalServer

store = LocalServer(Path(sys.argv[1]), LocalSettings(channel="local", channels=Path(sys.argv[2])))
store.start(detach=sys.argv[3] == "detach")
print(store.status().pid, flush=True)
sys.stdin.read()
"""


def running(store: LocalServer) -> bool:
    return store.status().state is LocalStoreState.RUNNING


def start_elsewhere(store: LocalServer, mode: str) -> subprocess.Popen[str]:
    """Start the store from another process, which stays until it is killed or its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(store.paths.root), str(store.settings.channels), mode],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) == store.status().pid
    return process


def test_start_join_stop_start(own: LocalServer) -> None:
    assert own.status().state is LocalStoreState.STOPPED
    assert own.credentials() is None
    reports: list[LocalStoreStatus] = []
    status = own.start(reports.append, detach=False)
    assert status == reports[-1] == own.status()
    assert status.state is LocalStoreState.RUNNING
    assert {report.state for report in reports[:-1]} == {LocalStoreState.STARTING}
    assert "Waiting for its worker" in [report.step for report in reports]
    assert status.channel == "local"
    assert str(status.url) in status.message
    assert "local channel" in status.message
    first = own.credentials()
    assert first is not None

    other = LocalServer(own.paths.root, own.settings)
    assert other.start(detach=False).pid == status.pid
    assert other.credentials() == first

    assert other.stop().state is LocalStoreState.STOPPED
    assert own.status().state is LocalStoreState.STOPPED
    assert processes_of(own.paths.root) == []
    assert own.stop().state is LocalStoreState.STOPPED

    own.start(detach=False)
    assert own.credentials() == first, "address, identity and token are the same ones again"


def test_it_stays_when_its_starter_goes(own: LocalServer) -> None:
    own.stop()
    starter = start_elsewhere(own, "detach")
    starter.communicate(timeout=PATIENCE)
    assert running(own)
    supervisor = own.status().pid
    assert supervisor is not None
    assert os.getsid(supervisor) != os.getsid(0), "a terminal that closes does not take it along"


def test_a_killed_supervisor_leaves_nothing_behind(own: LocalServer) -> None:
    supervisor = own.start(detach=False).pid
    assert supervisor is not None
    os.kill(supervisor, signal.SIGKILL)
    wait_until(lambda: processes_of(own.paths.root) == [])
    status = own.status()
    assert status.state is LocalStoreState.STOPPED
    assert "ended without being stopped" in status.message
    assert own.credentials() is None

    assert own.start(detach=False).pid not in (None, supervisor)


def test_a_killed_server_is_a_failure_that_says_so(own: LocalServer) -> None:
    own.start(detach=False)
    record = read_record(own.paths)
    assert record is not None
    assert record.server is not None
    os.kill(record.server.pid, signal.SIGKILL)
    wait_until(lambda: own.status().state is LocalStoreState.FAILED)
    status = own.status()
    assert "ended by itself (exit code -9)" in status.message
    assert str(own.paths.server_log) in status.message
    wait_until(lambda: processes_of(own.paths.root) == [])


def test_it_ends_when_its_starter_is_killed(own: LocalServer) -> None:
    own.stop()
    starter = start_elsewhere(own, "attached")
    starter.kill()
    starter.communicate(timeout=PATIENCE)
    wait_until(lambda: not running(own))
    wait_until(lambda: processes_of(own.paths.root) == [])


def test_stopping_while_it_starts(own: LocalServer) -> None:
    own.stop()
    starter = subprocess.Popen(
        [sys.executable, "-c", START, str(own.paths.root), str(own.settings.channels), "detach"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: own.status().state is LocalStoreState.STARTING)
    assert own.stop().state is LocalStoreState.STOPPED
    assert processes_of(own.paths.root) == []
    errors = starter.communicate(timeout=PATIENCE)[1]
    assert "was stopped while it started" in errors


def test_a_recycled_process_id_is_not_believed(own: LocalServer) -> None:
    own.stop()
    with subprocess.Popen(["sleep", "60"]) as bystander:
        stale = ProcessId(bystander.pid, 12345.0)
        status = LocalStoreStatus(
            LocalStoreState.RUNNING, "http://127.0.0.1:9", bystander.pid, None, None, None, ""
        )
        write_record(own.paths, Record(status, supervisor=stale, server=stale))
        assert own.status().state is LocalStoreState.STOPPED
        assert own.credentials() is None
        assert own.stop().state is LocalStoreState.STOPPED
        assert bystander.poll() is None
        bystander.kill()


def test_a_start_that_fails_quotes_the_log(tmp_path: Path, channels: Path, own: LocalServer) -> None:
    broken = LocalServer(tmp_path / "broken", own.settings)
    broken.paths.prepare()
    broken.paths.database.write_bytes(b"this is no database, but long enough to be looked at" * 100)
    with pytest.raises(LocalStoreError) as caught:
        broken.start(detach=False)
    assert "file is not a database" in caught.value.message
    assert str(broken.paths.server_log) in caught.value.message
    assert "\n" not in caught.value.message
    assert broken.status().state is LocalStoreState.FAILED
    assert broken.status().message == caught.value.message
    wait_until(lambda: processes_of(broken.paths.root) == [])
