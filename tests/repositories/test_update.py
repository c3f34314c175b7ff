"""Opening again: a clone goes forward where nothing is in the way; nothing of the user's is ever lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conda_store_labext.errors import Conflict, NotFound, RepositoryRefused, RepositoryUnreachable
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.update import FolderState, Outcome, update
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Origin, Server, git

Clone = Callable[..., Path]
Again = Callable[..., FolderState]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Clone a repository as `open` does."""

    def run(url: str, ref: str | None = None, name: str = "course") -> Path:
        address = parse_address(url)
        with StagedClone(git_for(address), address, tmp_path / "clones") as staged:
            staged.fetch(ref)
            staged.publish(tmp_path / "clones" / name)
        return tmp_path / "clones" / name

    return run


@pytest.fixture
def again() -> Again:
    """Open a clone again."""

    def run(folder: Path, url: str, ref: str | None = None) -> FolderState:
        address = parse_address(url)
        return update(git_for(address), folder, address, ref)

    return run


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but git's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def rewritten(origin: Origin, files: dict[str, str]) -> str:
    """Have the author amend the last commit and push it by force."""
    for name, text in files.items():
        (origin.work / name).write_text(text)
    git(origin.work, "add", "--all")
    git(origin.work, "commit", "--quiet", "--amend", "-m", "Another beginning")
    origin.push("--force", "origin", "HEAD")
    return git(origin.work, "rev-parse", "HEAD")


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
    with pytest.raises(Conflict, match="is no clone of"):
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


def test_commits_of_the_users_own_are_never_merged_or_moved(
    make: MakeOrigin, clone: Clone, again: Again
) -> None:
    origin = make({"a.txt": "1"})
    folder = clone(origin.url)
    (folder / "b.txt").write_text("mine")
    git(folder, "add", "b.txt")
    git(folder, "commit", "--quiet", "-m", "Mine")
    own = git(folder, "rev-parse", "HEAD")
    state = again(folder, origin.url)
    assert (state.outcome, state.commit) == (Outcome.CURRENT, own)
    assert "1 commit of your own" in state.message
    origin.commit({"a.txt": "2"})
    for _ in range(2):
        state = again(folder, origin.url)
        assert (state.outcome, state.commit) == (Outcome.KEPT, own)
        assert "--beside" in state.message
    rewritten(origin, {"a.txt": "3"})
    assert again(folder, origin.url).commit == own
    assert snapshot(folder) == {"a.txt": b"1", "b.txt": b"mine"}


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


@pytest.mark.parametrize(
    ("mine", "theirs", "way"),
    [
        ({"a.txt": "mine"}, {"a.txt": "2"}, "a.txt"),
        ({"data.csv": "mine"}, {"data.csv": "theirs"}, "data.csv"),
        ({"A/b": "mine"}, {"A/b": None, "A/c": "1"}, "A/b"),
        ({"A/b": "mine"}, {"A/b": None}, "A/b"),
        ({"new": "mine"}, {"new/file": "theirs"}, "new"),
        ({"ignored.log": "mine"}, {"ignored.log": "theirs"}, "ignored.log"),
        ({"folder/mine": "mine"}, {"folder": "theirs"}, "folder"),
    ],
)
def test_what_the_user_has_in_the_way_is_named_and_nothing_changes(
    make: MakeOrigin,
    clone: Clone,
    again: Again,
    mine: dict[str, str],
    theirs: dict[str, str | None],
    way: str,
) -> None:
    origin = make({"a.txt": "1", "A/b": "1", ".gitignore": "*.log\n"})
    folder = clone(origin.url)
    for name, text in mine.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    for name, new in theirs.items():
        if new is None:
            (origin.work / name).unlink()
        else:
            (origin.work / name).parent.mkdir(exist_ok=True)
            (origin.work / name).write_text(new)
    git(origin.work, "add", "--all", "--force")
    git(origin.work, "commit", "--quiet", "-m", "Theirs")
    origin.push()
    before = snapshot(folder)
    state = again(folder, origin.url)
    assert (state.outcome, state.in_the_way) == (Outcome.KEPT, (way,))
    assert way in state.message
    assert snapshot(folder) == before
    assert not (folder / ".git" / "MERGE_HEAD").exists()


def test_a_notebook_that_was_run_here_never_gets_markers(
    make: MakeOrigin, clone: Clone, again: Again
) -> None:
    def notebook(*sources: str, outputs: int = 0) -> str:
        cells = [{"cell_type": "code", "source": source, "outputs": ["x"] * outputs} for source in sources]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)

    origin = make({"index.ipynb": notebook("1", "2")})
    folder = clone(origin.url)
    (folder / "index.ipynb").write_text(notebook("1", "2", outputs=1))
    origin.commit({"index.ipynb": notebook("1", "3")})
    assert again(folder, origin.url).in_the_way == ("index.ipynb",)
    assert json.loads((folder / "index.ipynb").read_text())["cells"][0]["outputs"] == ["x"]


def test_a_merge_under_way_is_left_to_the_user(make: MakeOrigin, clone: Clone, again: Again) -> None:
    origin = make({"a.txt": "1"})
    folder = clone(origin.url)
    (folder / ".git" / "MERGE_HEAD").write_text(git(folder, "rev-parse", "HEAD") + "\n")
    origin.commit({"a.txt": "2"})
    state = again(folder, origin.url)
    assert state.outcome is Outcome.KEPT
    assert "A merge is under way" in state.message


def test_commits_of_no_branch_are_kept_by_one(make: MakeOrigin, clone: Clone, again: Again) -> None:
    origin = make({"a.txt": "1"})
    git(origin.work, "tag", "v1")
    origin.push("origin", "v1")
    folder = clone(origin.url, "v1")
    (folder / "b.txt").write_text("mine")
    git(folder, "add", "b.txt")
    git(folder, "commit", "--quiet", "-m", "Mine")
    loose = git(folder, "rev-parse", "HEAD")
    state = again(folder, origin.url, "main")
    assert state.kept_as is not None
    assert git(folder, "rev-parse", state.kept_as) == loose


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
