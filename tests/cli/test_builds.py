"""`build ...` and `wait`: how builds stand, what they log, how they end."""

from __future__ import annotations

import calendar
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

from conda_store_labext.cli.following import GrowingLog, show_time, waited
from conda_store_labext.models import Build, BuildStatus
from tests.cli.running import PROGRAM, CommandLine
from tests.stores import PATIENCE, RunningStore, ended, start_build


def test_a_log_that_grows_is_told_once_and_in_whole_lines() -> None:
    log = GrowingLog()
    assert log.gained("one\ntw") == "one\n"
    assert log.gained("") == "", "the server rewrites the file: a look may find it empty"
    assert log.gained("one\n") == ""
    assert log.gained("one\ntwo\nthree") == "two\n"
    assert log.gained("one\ntwo\nthree", complete=True) == "three"
    assert log.gained("one\ntwo\nthree", complete=True) == ""


def test_of_a_long_log_only_the_end_is_read_and_told_once() -> None:
    log, lines = GrowingLog(), [f"line {number}\n" for number in range(9000)]
    printed = log.gained("".join(lines[:5000])) + log.gained("".join(lines[3000:7000]))
    assert printed + log.gained("".join(lines[6000:])) == "".join(lines)


def test_lengths_of_time_are_shown_with_two_units() -> None:
    assert [show_time(seconds) for seconds in (0, 42.4, 75, 7260)] == [
        "0 s",
        "42 s",
        "1 min 15 s",
        "2 h 1 min",
    ]


def test_a_queued_build_says_for_how_long() -> None:
    times = {"scheduled_on": "2026-01-01T00:00:00", "started_on": None, "ended_on": None}
    queued = Build(7, 1, "default", "data", BuildStatus.QUEUED, size=0, **times)
    began = calendar.timegm((2026, 1, 1, 0, 0, 0))
    assert waited(queued, now=began + 75.0) == 75
    assert waited(queued, now=began - 5.0) == 0, "the server's clock is ahead"
    assert waited(replace(queued, started_on="2026-01-01T00:00:09.500000"), now=began + 75.0) == 9.5


def test_builds_are_listed_and_shown(command_line: CommandLine, store: RunningStore) -> None:
    number = store.builds["minimal"]
    listed = command_line.json("build", "list", "default/minimal")
    assert number in [row["id"] for row in listed]
    assert len(command_line.json("build", "list", "default/minimal", "--limit", "1")) == 1
    assert f"{number}  " in command_line("build", "list", "default/minimal").stdout
    shown = command_line.json("build", "show", str(number))
    assert shown == command_line.json("build", "show", f"default/minimal:{number}")
    assert shown["launchable"] is True
    assert "conda_pack" in command_line("build", "show", f"#{number}").stdout
    refused = command_line("build", "list", f"default/minimal:{number}")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "names a build" in refused.stderr


def test_what_ended_is_not_waited_for(command_line: CommandLine, store: RunningStore) -> None:
    good, bad = str(store.builds["minimal"]), str(store.builds["unsolvable"])
    assert [row["id"] for row in command_line.json("wait", good, "default/minimal")]
    assert command_line("wait", good, "--artifact", "lockfile").returncode == 0
    failed = command_line("wait", good, bad)
    assert failed.returncode == 1
    assert "no-such-package-anywhere" in failed.stderr
    assert failed.stderr.count("\n") == 1
    assert command_line("wait", "default/no-such").returncode == 5
    assert command_line("wait", good, "--timeout", "soon").returncode == 2


def test_a_failed_build_ends_with_what_went_wrong(command_line: CommandLine, store: RunningStore) -> None:
    number = str(store.builds["unsolvable"])
    watched = command_line("build", "watch", number)
    assert watched.returncode == 1
    assert watched.stdout == command_line("build", "logs", number).stdout
    assert watched.stderr.startswith(f"jupyter conda-store: Build {number} of default/unsolvable failed: ")
    assert watched.stderr.count("\n") == 1
    assert command_line.json("build", "logs", number)["text"] in watched.stdout


def test_a_build_is_watched_as_it_runs(command_line: CommandLine, store: RunningStore) -> None:
    number = start_build(store, "watched", ["python"])
    late = command_line("wait", str(number), "--timeout", "0s")
    assert late.returncode == 124, "it was queued just now"
    assert "after 0 s" in late.stderr
    left = subprocess.Popen(
        [*PROGRAM, "build", "watch", str(number)],
        env=command_line.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert left.stdout
    first = left.stdout.readline()
    left.send_signal(signal.SIGINT)
    _, errors = left.communicate(timeout=PATIENCE)
    assert (left.returncode, errors) == (
        130,
        f"jupyter conda-store: build {number} continues; it is only no longer watched here.\n",
    )

    watched = command_line("build", "watch", "default/watched")
    assert (watched.returncode, watched.stderr) == (0, "")
    *log, last = watched.stdout.splitlines(keepends=True)
    assert last == f"build {number} of default/watched is complete\n"
    assert log[0] == first
    assert "".join(log) == command_line("build", "logs", str(number)).stdout
    assert ended(store, number).launchable


def test_progress_is_for_a_terminal(command_line: CommandLine, store: RunningStore, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    pulled = subprocess.run(
        [*PROGRAM, "pull", "default/minimal"],
        env=command_line.environ,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=PATIENCE,
        check=True,
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert b"downloading" in shown
    assert shown.rsplit(b"\r", 2)[1].strip() == b"", "the line goes when it has done its service"
    assert b"is ready in" in pulled.stdout


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # nobody has the other side open any more
