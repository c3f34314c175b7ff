"""Passwords for private repositories: they open them and stay nowhere."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from conda_store_labext.errors import (
    RepositoryRefused,
)
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.files import text_of
from tests.repositories.cloning import is_cancelled, staged
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import PASSWORD, USER, Server, git
from tests.stores import wait_until


def test_a_private_repository_is_cloned_with_a_password_that_stays_nowhere(
    make: MakeOrigin, private: Server, tmp_path: Path
) -> None:
    origin = make({"a.txt": "1"})
    plain = private.address(origin)
    with staged(plain, tmp_path / "clones") as clone, pytest.raises(RepositoryRefused, match="credentials"):
        clone.fetch(None)
    wrong = plain.replace("http://", f"http://{USER}:wrong-one@")
    with staged(wrong, tmp_path / "clones") as clone, pytest.raises(RepositoryRefused) as raised:
        clone.fetch(None)
    assert "wrong-one" not in str(raised.value)
    assert list((tmp_path / "clones").iterdir()) == []
    with staged(plain.replace("http://", f"http://{USER}:{PASSWORD}@"), tmp_path / "clones") as clone:
        clone.fetch(None)
        assert text_of(clone.files(), "a.txt") == "1"
        clone.publish(tmp_path / "clones" / "course")
    written = [path for path in (tmp_path / "clones").rglob("*") if path.is_file()]
    assert written
    assert not any(PASSWORD.encode() in path.read_bytes() for path in written)
    assert git(tmp_path / "clones" / "course", "remote", "get-url", "origin") == plain
    assert not any(PASSWORD in request for request in private.seen)


def test_a_password_is_in_no_command_line(make: MakeOrigin, private: Server, tmp_path: Path) -> None:
    address = parse_address(f"http://{USER}:{PASSWORD}@{private.url.removeprefix('http://')}/deaf")
    used = git_for(address)
    with StagedClone(used, address, tmp_path / "clones") as clone:
        asking = threading.Thread(target=is_cancelled, args=(clone,))
        asking.start()
        wait_until(lambda: any("/deaf" in request for request in private.seen))
        shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        used.cancelled.set()
        asking.join()
    assert "/deaf" in shown
    assert PASSWORD not in shown
