"""Opening again: a clone goes forward where nothing is in the way; nothing of the user's is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.errors import Conflict, NotFound, RepositoryRefused, RepositoryUnreachable
from conda_store_labext.repositories.update import Outcome
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server, git
from tests.repositories.updating import Again, Clone, rewritten, snapshot


@pytest.mark.parametrize("way", ["file", "http"])
def test_a_clone_goes_forward(make: MakeOrigin, server: Server, clone: Clone, again: Again, way: str) -> None:
    origin = make({"a.txt": "1", "mine.txt": "1"})
    url = origin.url if way == "file" else server.address(origin)
    folder = clone(url)
    assert again(folder, url).outcome is Outcome.CURRENT
    (folder / "mine.txt").write_text("edited")
    (folder / "untracked.txt").write_text("kept")
    newest = [origin.commit({"a.txt": str(number)}) for number in (2, 3)][-1]
    state = again(folder, url)
    assert (state.outcome, state.commit) == (Outcome.UPDATED, newest)
    assert snapshot(folder) == {"a.txt": b"3", "mine.txt": b"edited", "untracked.txt": b"kept"}
    assert again(folder, url).outcome is Outcome.CURRENT


def test_a_tag_a_commit_and_another_branch_open_a_second_time(
    make: MakeOrigin, server: Server, clone: Clone, again: Again
) -> None:
    origin = make({"a.txt": "1"})
    first = git(origin.work, "rev-parse", "HEAD")
    git(origin.work, "tag", "-a", "v1", "-m", "v1")
    origin.push("origin", "v1")
    second = origin.commit({"a.txt": "2"})
    git(origin.work, "switch", "--quiet", "-c", "feature/x")
    third = origin.commit({"a.txt": "3"})
    git(origin.work, "switch", "--quiet", "main")
    url = server.address(origin)
    folder = clone(url, "v1")
    for ref, commit, text in (
        ("v1", first, "1"),
        ("feature/x", third, "3"),
        ("main", second, "2"),
        (first, first, "1"),
        ("v1", first, "1"),
        ("feature/x", third, "3"),
        (None, third, "3"),
    ):
        state = again(folder, url, ref)
        assert state.commit == commit, ref
        assert (folder / "a.txt").read_text() == text
        assert state.outcome in (Outcome.CURRENT, Outcome.SWITCHED), state
        assert again(folder, url, ref).outcome is Outcome.CURRENT
    newest = origin.commit({"a.txt": "4"})
    assert again(folder, url, "main").commit == newest
    with pytest.raises(NotFound, match=r"its branches are feature/x, main"):
        again(folder, url, "gone")


def test_a_renamed_first_branch_is_followed(make: MakeOrigin, clone: Clone, again: Again) -> None:
    origin = make({"a.txt": "1"})
    folder = clone(origin.url)
    git(origin.work, "branch", "-m", "main", "trunk")
    newest = origin.commit({"a.txt": "2"})
    git(origin.bare, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(origin.bare, "branch", "-D", "main")
    state = again(folder, origin.url)
    assert (state.outcome, state.commit) == (Outcome.SWITCHED, newest)
    assert "from branch main to branch trunk" in state.message


def test_another_repository_in_the_folder_is_named_and_left_alone(
    make: MakeOrigin, clone: Clone, again: Again
) -> None:
    mine, other = make({"a.txt": "mine"}), make({"a.txt": "other"}, "other")
    folder = clone(mine.url)
    config = (folder / ".git" / "config").read_bytes()
    with pytest.raises(Conflict) as raised:
        again(folder, other.url)
    assert mine.url in str(raised.value)
    assert other.url in str(raised.value)
    assert "--beside" in str(raised.value)
    assert (folder / ".git" / "config").read_bytes() == config


def test_the_same_repository_under_another_address_is_no_other_one(
    make: MakeOrigin, server: Server, clone: Clone, again: Again
) -> None:
    origin = make()
    folder = clone(server.address(origin))
    for url in (server.address(origin).removesuffix(".git"), server.address(origin) + "/"):
        assert again(folder, url).outcome is Outcome.CURRENT


def test_a_folder_without_a_repository_of_its_own_is_none_whatever_lies_above(
    make: MakeOrigin, again: Again, tmp_path: Path
) -> None:
    origin = make()
    outer = tmp_path / "outer"
    (outer / "x").mkdir(parents=True)
    git(outer, "init", "--quiet")
    (outer / "x" / "README.md").write_text("mine")
    before = git(outer, "status", "--porcelain")
    with pytest.raises(Conflict, match="is not a clone of"):
        again(outer / "x", origin.url)
    (outer / "x" / ".git").mkdir()  # what is left of one
    with pytest.raises((Conflict, NotFound)):
        again(outer / "x", origin.url)
    (outer / "x" / ".git").rmdir()
    assert git(outer, "status", "--porcelain") == before


def test_a_rewritten_history_is_taken_where_the_user_did_nothing(
    make: MakeOrigin, server: Server, clone: Clone, again: Again
) -> None:
    origin = make({"a.txt": "1"})
    origin.commit({"a.txt": "2"})
    folder = clone(server.address(origin))
    before = git(folder, "rev-parse", "HEAD")
    newest = rewritten(origin, {"a.txt": "another"})
    state = again(folder, server.address(origin))
    assert (state.outcome, state.commit) == (Outcome.REWRITTEN, newest)
    assert state.kept_as is not None
    assert git(folder, "rev-parse", state.kept_as) == before
    assert snapshot(folder) == {"a.txt": b"another"}
    assert again(folder, server.address(origin)).outcome is Outcome.CURRENT


def test_a_full_clone_is_judged_by_its_whole_history_and_never_shortened(
    make: MakeOrigin, tmp_path: Path, again: Again
) -> None:
    origin = make({"a.txt": "1"})
    for number in (2, 3):
        origin.commit({"a.txt": str(number)})
    git(tmp_path, "clone", "--quiet", origin.url, "full")
    folder = tmp_path / "full"
    git(origin.work, "tag", "old", "HEAD~2")
    origin.push("origin", "old")
    for number in (4, 5):
        origin.commit({"a.txt": str(number)})
    assert again(folder, origin.url).outcome is Outcome.UPDATED
    assert again(folder, origin.url, "old").outcome is Outcome.SWITCHED
    assert git(folder, "rev-parse", "--is-shallow-repository") == "false"
    assert git(folder, "rev-list", "--count", "main") == "5"


def test_a_host_that_is_away_changes_nothing(
    make: MakeOrigin, server: Server, clone: Clone, again: Again
) -> None:
    folder = clone(server.address(make({"a.txt": "1"})))
    before = snapshot(folder)
    git(folder, "remote", "set-url", "origin", "http://127.0.0.1:9/course.git")
    with pytest.raises(RepositoryUnreachable):
        again(folder, "http://127.0.0.1:9/course.git")
    assert snapshot(folder) == before


def test_a_folder_of_somebody_else_is_not_updated(
    make: MakeOrigin, clone: Clone, again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = make()
    folder = clone(origin.url)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    with pytest.raises(RepositoryRefused, match="open all the same"):
        again(folder, origin.url)
