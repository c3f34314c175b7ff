"""The user's changes in a clone: opening it again loses none of them, and moves none."""

from __future__ import annotations

import json

import pytest

from conda_store_labext.repositories.update import Outcome
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import git
from tests.repositories.updating import Again, Clone, rewritten, snapshot


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
