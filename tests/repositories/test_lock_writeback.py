"""A lockfile is written back beside the manifest: of a build that is named, or of the manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from conda_store_labext.copies.services import Services
from conda_store_labext.errors import InvalidRequest
from conda_store_labext.models import ChangesRequest, WriteBackRequest
from conda_store_labext.repositories.additions import added
from conda_store_labext.repositories.returning import Returning
from conda_store_labext.repositories.steps import Steps
from tests.cli.running import CommandLine
from tests.cli.test_additions import added as installed
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import git
from tests.repositories.test_lockfiles import conda_lock, row
from tests.stores import RunningStore

MANIFEST = "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python\n  - ipykernel # the kernel\n"
LOCK = conda_lock(row("https://conda.anaconda.org/conda-forge/noarch/ipykernel-7.1-0.conda"))
AUTHOR = ("--author", "Bo <bo@example.org>")


@pytest.mark.usefixtures("data_environment")  # whose packages are in the channel
def test_packages_are_locked_where_there_is_a_lockfile(
    command_line: CommandLine, make: MakeOrigin, folder: Path
) -> None:
    origin = make({"environment.yml": MANIFEST, "conda-lock.yml": LOCK})
    git(folder, "clone", "--quiet", origin.url, "course")
    asking = ("writeback", str(folder / "course"), "--package", "numpy", *AUTHOR)
    shown = command_line(*asking, "--diff")
    assert "+  - numpy" in shown.stdout, "the file that the lockfile was made from"
    assert "conda-lock.yml" not in shown.stdout, "nothing is built for a look"
    refused = command_line(*asking)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert git(folder / "course", "status", "--porcelain") == "", "all is as before"
    written = command_line(*asking, "--yes", "--branch", "mine")
    assert written.returncode == 0, written.stderr
    manifest = git(origin.bare, "show", "mine:environment.yml")
    assert "ipykernel # the kernel\n  - numpy" in manifest
    lock = yaml.safe_load(git(origin.bare, "show", "mine:conda-lock.yml"))
    assert {"numpy", "ipykernel"} <= {package["name"] for package in lock["package"]}
    assert lock["metadata"]["sources"] == ["environment.yml"]
    opened = command_line.json("open", str(folder / "course"), "--look")
    assert (opened["manifest"]["path"], opened["choice"].split()[-2]) == ("conda-lock.yml", "conda-lock.yml")


def test_what_was_added_in_a_session_is_listed_and_the_named_build_locked(
    command_line: CommandLine, make: MakeOrigin, folder: Path, store: RunningStore, tmp_path: Path
) -> None:
    pulled = command_line.json("pull", "default/minimal")
    installed(command_line, pulled["key"], tmp_path / "wheels")
    origin = make({"requirements.txt": "six\n"})
    git(folder, "clone", "--quiet", origin.url, "course")
    asking = ("writeback", str(folder / "course"), "--diff", "--lock", "default/minimal")
    unknown = command_line(*asking, "--additions")
    assert (unknown.returncode, "--additions NAMESPACE" in unknown.stderr) == (5, True)
    shown = command_line(*asking, "--additions", "default/minimal")
    # a file of this machine is nothing that others could install
    assert "gamma: the file cannot list" in shown.stderr
    assert "+++ b/conda-lock.yml" in shown.stdout
    assert "+- name: python\n" in shown.stdout
    assert not (folder / "course" / "conda-lock.yml").exists()
    build = store.builds["minimal"]
    written = command_line(
        *(*asking[:2], "--yes", "--lock", f"default/minimal:{build}", "--branch", "mine", *AUTHOR)
    )
    assert written.returncode == 0, written.stderr
    assert "conda-lock.yml" in git(origin.bare, "ls-tree", "--name-only", "mine")


def test_the_page_writes_what_was_added_and_a_builds_lockfile(
    make: MakeOrigin, tmp_path: Path, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_STORE_URL", store.url)
    monkeypatch.setenv("CONDA_STORE_TOKEN", store.admin_token)
    origin = make({"environment.yml": MANIFEST, "conda-lock.yml": LOCK})
    root = tmp_path / "root"
    root.mkdir()
    git(root, "clone", "--quiet", origin.url, "course")
    returning = Returning(root, Services.from_environment())
    shown = returning.changes(ChangesRequest("course", lock="default/minimal"))
    assert (shown.files, shown.lockfile) == (("conda-lock.yml",), "conda-lock.yml")
    assert returning.changes(ChangesRequest("course")).files == ()
    request = WriteBackRequest(
        "course", lock=f"default/minimal:{store.builds['minimal']}", author=AUTHOR[1], branch="mine"
    )
    written = returning.write(request, Steps())
    assert git(origin.bare, "show", "--name-only", "--format=", written.commit) == "conda-lock.yml"


def test_nothing_is_written_through_a_link_and_all_is_as_before_when_that_fails(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(MANIFEST)
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "conda-lock.yml").symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidRequest, match="link"), added(tmp_path, ["numpy"], [], lock=lambda _: LOCK):
        raise AssertionError
    assert (tmp_path / "secret").read_text() == "mine"
    assert (tmp_path / "environment.yml").read_text() == MANIFEST
    (tmp_path / "conda-lock.yml").unlink()
    with added(tmp_path, [], [], lock=lambda manifest: json.dumps([manifest.path])) as addition:
        assert addition.files == ["conda-lock.yml"]
        assert (tmp_path / "conda-lock.yml").read_text() == '["environment.yml"]'
    assert not (tmp_path / "conda-lock.yml").exists()
