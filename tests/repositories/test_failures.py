"""Failures while a repository is cloned: one sentence each, and nothing is left."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.errors import (
    RepositoryError,
    RepositoryUnreachable,
)
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.git import Limits
from conda_store_labext.repositories.messages import explain_git, harmless
from conda_store_labext.repositories.policy import Policy
from tests.repositories.cloning import is_cancelled, staged
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server
from tests.stores import wait_until


def test_a_host_that_never_answers_trickles_or_redirects_for_ever_is_one_sentence_each(
    server: Server, tmp_path: Path
) -> None:
    for place in ("deaf", "trickle", "loop"):
        address = parse_address(f"{server.url}/{place}/repo")
        used = git_for(address).within(2 if place != "loop" else 30)
        clone = StagedClone(used, address, tmp_path / "clones")
        with clone, pytest.raises(RepositoryUnreachable) as raised:
            clone.fetch(None)
        assert str(raised.value).count(". ") == 0
        assert ("redirect" if place == "loop" else "seconds") in str(raised.value)
    assert list((tmp_path / "clones").iterdir()) == []


def test_no_host_leads_out_of_those_that_are_allowed(
    make: MakeOrigin, server: Server, tmp_path: Path
) -> None:
    address = parse_address(f"{server.url}/loop/repo")
    used = git_for(address, Policy(hosts=("127.0.0.1",)))
    with StagedClone(used, address, tmp_path / "clones") as clone, pytest.raises(RepositoryError):
        clone.fetch(None)
    assert len([request for request in server.seen if request.startswith("/loop")]) == 1


def test_a_clone_is_cancelled_and_ends_what_it_started(server: Server, tmp_path: Path) -> None:
    address = parse_address(f"{server.url}/deaf/repo")
    used = git_for(address)
    with StagedClone(used, address, tmp_path / "clones") as clone:
        ended: list[bool] = []
        thread = threading.Thread(target=lambda: ended.append(is_cancelled(clone)))
        thread.start()
        wait_until(lambda: bool(server.seen))
        used.cancelled.set()
        thread.join(30)
    assert ended == [True]
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert address.url not in shown


def test_a_repository_that_is_too_large_is_not_cloned(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make({"big.bin": b"\0" * 3_000_000})  # a bomb: it is small until it is checked out
    address = parse_address(origin.url)
    used = replace(git_for(address), limits=Limits(size=1_000_000))
    with StagedClone(used, address, tmp_path / "clones") as clone:
        clone.fetch(None)
        with pytest.raises(RepositoryError, match="limit of 1 MB"):
            clone.publish(tmp_path / "clones" / "course")
    assert list((tmp_path / "clones").iterdir()) == []


def test_what_a_killed_clone_left_is_no_clone_and_goes(make: MakeOrigin, tmp_path: Path) -> None:
    clones = tmp_path / "clones"
    left, recent = clones / ".course.opening-00000000", clones / ".course.opening-11111111"
    for folder in (left, recent):
        folder.mkdir(parents=True)
    os.utime(left, (time.time() - 90_000,) * 2)
    with staged(make().url, clones) as clone:
        clone.fetch(None)
        clone.publish(clones / "course")
    assert {path.name for path in clones.iterdir()} == {recent.name, "course"}


def test_the_words_of_git_are_shown_without_what_moves_the_terminal() -> None:
    words = (
        "remote: \x1b[2J\x1b]0;owned\x07hello\x08\u202e\nfatal: could not read Username for 'https://u:p@h'\n"
    )
    shown = harmless(words)
    assert "\x1b" not in shown
    assert "hello" in shown
    assert "u:p" not in shown
    assert str(explain_git("fatal: \x1b[31mred\x1b[0m", "x")).isprintable()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("fatal: could not read Username for 'https://h': terminal prompts disabled", "repository_refused"),
        ("git@h: Permission denied (publickey).", "repository_refused"),
        ("Host key verification failed.", "repository_refused"),
        ("fatal: unable to access 'https://h/': Could not resolve host: h", "repository_unreachable"),
        ("fatal: unable to access 'https://h/': SSL certificate problem", "repository_unreachable"),
        ("fatal: repository 'https://h/r/' not found", "not_found"),
        ("fatal: transport 'ext' not allowed", "repository_refused"),
        ("fatal: detected dubious ownership in repository at '/srv/r'", "repository_refused"),
        ("fatal: write error: No space left on device", "disk_full"),
        ("", "repository"),
    ],
)
def test_each_way_of_failing_is_one_sentence(words: str, code: str) -> None:
    error = explain_git(words, "https://h/r")
    assert error.code == code
    assert str(error).startswith(("https://h/r", "There is", "git ", "The disk"))
    assert str(error).endswith(".")
