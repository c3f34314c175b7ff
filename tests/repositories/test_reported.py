"""Failures that people reported of other tools: what of them can happen here ends well."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from conda_store_labext.copies.services import Services
from conda_store_labext.errors import RepositoryRefused, RepositoryUnreachable
from conda_store_labext.repositories.clone import git_for
from conda_store_labext.repositories.look import Look, Wanted, looking, opens_in_place
from conda_store_labext.repositories.opening import put_in_place
from conda_store_labext.repositories.source import parse_source
from conda_store_labext.repositories.update import Outcome
from tests.repositories.cloning import staged
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server, git
from tests.repositories.test_manifest import ENVIRONMENT, notebook
from tests.repositories.updating import Again, Clone, snapshot

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"


def looked_at(text: str, target: Path | None) -> Look:
    """Look at a repository as `open` does."""
    source = parse_source(text)
    services = Services.from_environment()
    with looking(services, git_for(source.address), source, target, Wanted()) as look:
        return look


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no conda-store."""
    monkeypatch.setenv("CONDA_STORE_URL", "http://127.0.0.1:9/conda-store")


def test_a_filter_that_fails_leaves_a_whole_tree_that_is_updated(
    make: MakeOrigin, clone: Clone, again: Again, home: Path
) -> None:
    (home / ".gitconfig").write_text('[filter "lfs"]\n smudge = exit 2\n clean = exit 2\n required = true\n')
    origin = make({".gitattributes": "*.zip filter=lfs -text\n", "a.zip": POINTER, "b.txt": "1"})
    folder = clone(origin.url)
    assert (folder / "a.zip").read_text() == POINTER
    assert again(folder, origin.url).outcome is Outcome.CURRENT, "nothing passes for a change of the user's"
    origin.commit({"b.txt": "2"})
    assert again(folder, origin.url).outcome is Outcome.UPDATED
    assert snapshot(folder)["b.txt"] == b"2"


def test_pointers_are_counted_in_the_sentence_on_the_clone(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make({".gitattributes": "*.zip filter=lfs -text\n", "a.zip": POINTER, "b.zip": POINTER})
    source = parse_source(origin.url)
    git_used, services = git_for(source.address), Services.from_environment()
    with looking(services, git_used, source, tmp_path / "clones" / "course", Wanted()) as look:
        state = put_in_place(git_used, look, source, tmp_path / "clones" / "course")
    assert state.message.count("2 of its files are pointers of Git LFS") == 1


def test_names_that_differ_in_case_alone_are_told_in_a_look(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make({"Reindexing.ipynb": notebook(), "reindexing.ipynb": notebook()})
    warnings = looked_at(origin.url, tmp_path / "clones" / "course").warnings
    assert any("Reindexing.ipynb and reindexing.ipynb differ" in text for text in warnings)


def test_what_is_not_cloned_is_never_called_a_success(
    make: MakeOrigin, private: Server, tmp_path: Path
) -> None:
    address = private.address(make())
    with staged(address, tmp_path / "clones") as clone, pytest.raises(RepositoryRefused):
        clone.fetch(None)
    nowhere = "https://no-such-host.invalid/o/r"
    with staged(nowhere, tmp_path / "clones") as clone, pytest.raises(RepositoryUnreachable):
        clone.fetch(None)
    assert list((tmp_path / "clones").iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
@pytest.mark.parametrize("place", ["shared", "shared/lesson"])
def test_a_folder_of_somebody_elses_opens_through_a_link_and_no_setting_is_written(
    tmp_path: Path, home: Path, place: str
) -> None:
    theirs = tmp_path / "srv" / "shared"
    (theirs / "lesson").mkdir(parents=True)
    git(theirs, "init", "--quiet")
    for folder in (theirs, theirs / "lesson"):
        (folder / "environment.yml").write_text(ENVIRONMENT)
        (folder / "index.ipynb").write_text(notebook())
    for path in (theirs, *theirs.rglob("*")):
        os.chown(path, 12345, 12345)
    (home / "shared").symlink_to(theirs)
    source = parse_source(str(home / place))
    assert opens_in_place(git_for(source.address), source)
    look = looked_at(str(home / place), None)
    assert look.manifest is not None
    assert (look.manifest.path, look.opened.path) == ("environment.yml", "index.ipynb")
    assert not (home / ".gitconfig").exists(), "safe.directory is the user's own decision"


def test_nothing_of_a_strangers_runs_before_a_yes_and_all_that_would_is_named(
    make: MakeOrigin, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    cell = (
        "# /// script\n# dependencies = ['six']\n# [tool.other]\n# file = '/etc/passwd'\n# ///\nimport six\n"
    )
    content = json.loads(notebook())
    content["cells"] = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []}]
    origin = make(
        {
            "code.py": f"open({str(ran)!r}, 'w')\n",
            ".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.12\n",
            ".venv/bin/python": f"#!/bin/sh\ntouch {ran}\n",
            "a.ipynb": json.dumps(content),
        }
    )
    look = looked_at(origin.url, tmp_path / "clones" / "course")
    assert any(text.startswith("code.py would run") for text in look.warnings)
    assert any(text.startswith(".venv came with the repository") for text in look.warnings)
    assert look.manifest is not None
    assert look.manifest.path == "a.ipynb"
    assert ("six", "pypi") in look.manifest.packages, "what a cell asks for passes the gate of manifests"
    assert look.choice.reference is None
    assert "root:" not in look.manifest.specification + str(look.manifest.notes)
    assert not ran.exists()
