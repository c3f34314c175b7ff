"""Writing back from a browser: what is shown, what is pushed, and what becomes of it without that right."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.copies.services import Services
from conda_store_labext.errors import InvalidRequest, NotFound
from conda_store_labext.models import ChangesRequest, WriteBackRequest
from conda_store_labext.repositories.returning import Returning
from conda_store_labext.repositories.steps import Steps
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Origin, git, serving

MANIFEST = "name: x\nchannels: [conda-forge]\ndependencies:\n  - python # any\n"
AUTHOR = "Bo <bo@example.org>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a Jupyter server's files."""
    made = tmp_path / "root"
    made.mkdir()
    return made


@pytest.fixture
def origin(make: MakeOrigin) -> Origin:
    """A repository with a manifest and a notebook."""
    return make({"environment.yml": MANIFEST, "a.ipynb": "{}"})


def clone(url: str, root: Path) -> Path:
    """Clone a repository below the root and change its notebook."""
    git(root, "clone", "--quiet", url, "course")
    (root / "course" / "a.ipynb").write_text('{"changed": 1}')
    return root / "course"


def test_what_changed_is_shown_with_packages_and_pushed_on_a_new_branch(origin: Origin, root: Path) -> None:
    folder = clone(origin.url, root)
    returning = Returning(root, Services.from_environment())
    shown = returning.changes(ChangesRequest("course/a.ipynb", ("numpy",)))
    assert (shown.folder, shown.files) == ("course", ("a.ipynb", "environment.yml"))
    assert '+{"changed": 1}' in shown.diff
    assert "+  - numpy" in shown.diff
    assert (shown.branch, shown.author) == ("main", False)
    assert (folder / "environment.yml").read_text() == MANIFEST, "a look changes nothing"
    asked = ("course", ("numpy",), ())
    with pytest.raises(InvalidRequest, match="who you are"):
        returning.write(WriteBackRequest(*asked, branch=shown.new_branch), Steps())
    assert (folder / "environment.yml").read_text() == MANIFEST
    steps = Steps()
    written = returning.write(WriteBackRequest(*asked, branch=shown.new_branch, author=AUTHOR), steps)
    assert (written.branch, written.pushed_to) == (shown.new_branch, origin.url)
    assert [step.name for step in steps.list()] == ["commit", "push"]
    assert git(origin.bare, "rev-parse", shown.new_branch) == written.commit
    kept = git(origin.bare, "show", f"{shown.new_branch}:environment.yml")
    assert "python # any" in kept
    assert "numpy" in kept
    assert returning.changes(ChangesRequest("course")).files == ()


def test_what_may_not_be_pushed_is_saved_beside_the_clone(origin: Origin, root: Path) -> None:
    with serving(origin.bare.parent, readonly=True) as server:
        folder = clone(server.address(origin), root)
        written = Returning(root, Services.from_environment()).write(
            WriteBackRequest("course", author=AUTHOR, message="Mine"), Steps()
        )
    assert written.pushed_to is None
    assert written.saved_in == "course-writeback"
    assert written.why
    suffixes = sorted(path.suffix for path in (root / "course-writeback").iterdir())
    assert suffixes == [".bundle", ".patch"]
    assert git(folder, "log", "-1", "--format=%s %an") == "Mine Bo"


def test_nothing_outside_of_the_servers_folder_is_touched(origin: Origin, root: Path) -> None:
    clone(origin.url, root.parent)
    for path in ("../course", "../course/a.ipynb", ""):
        with pytest.raises(NotFound):
            Returning(root, Services.from_environment()).changes(ChangesRequest(path))
    git(root.parent, "init", "--quiet")
    with pytest.raises(InvalidRequest, match="above"):
        Returning(root, Services.from_environment()).changes(ChangesRequest(""))
