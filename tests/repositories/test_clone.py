"""Cloning: from real servers of git, with nothing on disk before it is whole, and what stands in the way."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.errors import (
    Cancelled,
    CondaStoreLabError,
    InvalidRequest,
    NotFound,
    RepositoryError,
    RepositoryRefused,
    RepositoryUnreachable,
)
from conda_store_labext.repositories.address import Address, parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.files import FolderFiles, text_of
from conda_store_labext.repositories.git import Git, Limits
from conda_store_labext.repositories.messages import explain_git, harmless
from conda_store_labext.repositories.opening import pointers_in
from conda_store_labext.repositories.policy import Policy
from conda_store_labext.repositories.revision import Kind, names_of
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import PASSWORD, USER, Server, git
from tests.stores import wait_until


def _cancelled(clone: StagedClone) -> bool:
    """Fetch, and tell whether that was cancelled."""
    try:
        clone.fetch(None)
    except Cancelled:
        return True
    return False


@contextmanager
def staged(text: str, parent: Path, used: Git | None = None) -> Iterator[StagedClone]:
    """Begin a clone of an address."""
    address = parse_address(text)
    with StagedClone(used or git_for(address), address, parent) as clone:
        yield clone


def test_files_are_read_before_any_of_them_is_on_disk(
    make: MakeOrigin, server: Server, tmp_path: Path
) -> None:
    origin = make({"environment.yml": "dependencies: [python]\n", "big.bin": os.urandom(300_000)})
    with staged(server.address(origin), tmp_path / "clones") as clone:
        clone.fetch(None)
        assert clone.files().paths() == ("big.bin", "environment.yml")
        assert text_of(clone.files(), "environment.yml") == "dependencies: [python]\n"
        assert {path.name for path in clone.folder.iterdir()} == {".git"}
        packs = sum(path.stat().st_size for path in (clone.folder / ".git").rglob("*.pack"))
        assert packs < 100_000, "the large file was not fetched"
        clone.publish(tmp_path / "clones" / "course")
    assert (tmp_path / "clones" / "course" / "big.bin").stat().st_size == 300_000
    assert [path.name for path in (tmp_path / "clones").iterdir()] == ["course"]
    assert git(tmp_path / "clones" / "course", "status", "--porcelain") == ""
    assert (
        git(tmp_path / "clones" / "course", "rev-parse", "--abbrev-ref", "HEAD@{upstream}") == "origin/main"
    )


def test_what_is_only_looked_at_leaves_nothing_behind(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make()
    with staged(origin.url, tmp_path / "clones") as clone:
        clone.fetch(None)
    assert list((tmp_path / "clones").iterdir()) == []


@pytest.mark.parametrize("way", ["file", "http"])
def test_a_branch_a_tag_and_a_commit_are_cloned(
    make: MakeOrigin, server: Server, tmp_path: Path, way: str
) -> None:
    origin = make({"a.txt": "1"})
    begun = git(origin.work, "rev-parse", "HEAD")
    first = origin.commit({"a.txt": "1, again"})
    git(origin.work, "tag", "-a", "v1", "-m", "v1")
    git(origin.work, "tag", "light")
    origin.push("origin", "v1", "light")
    second = origin.commit({"a.txt": "2"})
    git(origin.work, "switch", "--quiet", "-c", "feature/x")
    third = origin.commit({"a.txt": "3"})
    url = origin.url if way == "file" else server.address(origin)
    for number, (ref, commit, kind) in enumerate(
        [
            (None, second, Kind.BRANCH),
            ("feature/x", third, Kind.BRANCH),
            ("v1", first, Kind.TAG),
            ("light", first, Kind.TAG),
            (first, first, Kind.COMMIT),
            (third[:8], third, Kind.COMMIT),
            (begun[:7], begun, Kind.COMMIT),
        ]
    ):
        with staged(url, tmp_path / "clones") as clone:
            revision = clone.fetch(ref)
            assert (revision.commit, revision.kind) == (commit, kind)
            clone.publish(tmp_path / "clones" / str(number))
        assert git(tmp_path / "clones" / str(number), "rev-parse", "HEAD") == commit
    with staged(url, tmp_path / "clones") as clone:
        with pytest.raises(NotFound, match=r"its branches are feature/x, main"):
            clone.fetch("no-such")
        with pytest.raises(NotFound):
            clone.fetch("0" * 40)
        with pytest.raises(InvalidRequest, match="40 digits"):
            clone.fetch("abcdef0")
        assert names_of(clone.git, clone.folder, url).branches == ("feature/x", "main")


def test_an_empty_repository_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    empty = str(tmp_path / "empty.git")
    with staged(empty, tmp_path / "clones") as clone, pytest.raises(NotFound, match="no commit so far"):
        clone.fetch(None)


def test_links_become_text_and_nothing_is_read_through_one(
    make: MakeOrigin, server: Server, tmp_path: Path
) -> None:
    origin = make()
    (origin.work / "environment.yml").symlink_to("/etc/passwd")
    (origin.work / "out").symlink_to("/etc")
    origin.commit({})
    with staged(server.address(origin), tmp_path / "clones") as clone:
        clone.fetch(None)
        assert clone.files().links() == {"environment.yml", "out"}
        with pytest.raises(InvalidRequest, match="through a link"):
            clone.files().read("environment.yml")
        clone.publish(tmp_path / "clones" / "course")
    there = tmp_path / "clones" / "course"
    assert not any(path.is_symlink() for path in there.iterdir())
    assert git(there, "status", "--porcelain") == "", "the next status calls none of it a change"
    files = FolderFiles(origin.work)
    assert files.links() == {"environment.yml", "out"}
    for path in ("environment.yml", "out/passwd", "../x", "/etc/passwd"):
        with pytest.raises(CondaStoreLabError):
            files.read(path)


def test_submodules_hooks_and_filters_do_not_run(
    make: MakeOrigin, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    (home / ".gitconfig").write_text(
        f'[filter "lfs"]\n smudge = touch {ran}; exit 2\n required = true\n'
        f"[core]\n fsmonitor = touch {ran}\n hooksPath = {home}/hooks\n"
    )
    (home / "hooks").mkdir()
    (home / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (home / "hooks" / "post-checkout").chmod(0o755)
    inner = make({"x": "x"}, "inner")
    origin = make({".gitattributes": "*.zip filter=lfs -text\n"})
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"
    git(
        origin.work, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner.bare), "sub"
    )
    origin.commit({"data.zip": pointer})
    with staged(origin.url, tmp_path / "clones") as clone:
        clone.fetch(None)
        clone.publish(tmp_path / "clones" / "course")
    assert not ran.exists()
    assert (tmp_path / "clones" / "course" / "data.zip").read_text() == pointer
    assert list((tmp_path / "clones" / "course" / "sub").iterdir()) == []


def test_pointers_of_lfs_are_counted_and_said_once(make: MakeOrigin, tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"
    origin = make(
        {".gitattributes": "*.zip filter=lfs -text\n", "a.zip": pointer, "d/b.zip": pointer, "c": "c"}
    )
    with staged(origin.url, tmp_path / "clones") as clone:
        clone.fetch(None)
        clone.publish(tmp_path / "clones" / "course")
    assert pointers_in(tmp_path / "clones" / "course") == ("a.zip", "d/b.zip")
    assert pointers_in(origin.bare) == ()


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
        asking = threading.Thread(target=_cancelled, args=(clone,))
        asking.start()
        wait_until(lambda: any("/deaf" in request for request in private.seen))
        shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        used.cancelled.set()
        asking.join()
    assert "/deaf" in shown
    assert PASSWORD not in shown


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
        thread = threading.Thread(target=lambda: ended.append(_cancelled(clone)))
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


def test_git_is_not_told_what_the_folder_around_it_says(
    make: MakeOrigin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer, ran = tmp_path / "outer", tmp_path / "ran"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "config", "core.sshCommand", f"touch {ran}")
    git(outer, "config", "core.fsmonitor", f"touch {ran}")
    monkeypatch.chdir(outer)
    origin = make()
    monkeypatch.setenv("GIT_DIR", str(outer / ".git"))
    with staged(origin.url, outer) as clone:
        clone.fetch(None)
        clone.publish(outer / "course")
    monkeypatch.delenv("GIT_DIR")
    assert git(outer / "course", "rev-parse", "HEAD") == git(origin.work, "rev-parse", "HEAD")
    assert not ran.exists()


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


def test_another_protocol_than_the_addresss_own_is_not_used(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make()
    lying = Address(origin.url, "https", "host.org", "/o/r")
    clone = StagedClone(git_for(lying), lying, tmp_path / "clones")
    with clone, pytest.raises(RepositoryRefused, match="not allowed"):
        clone.fetch(None)
