"""Cloning: from real servers of git, with nothing on disk before it is whole, and what stands in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conda_store_labext.errors import (
    CondaStoreLabError,
    InvalidRequest,
    NotFound,
    RepositoryRefused,
)
from conda_store_labext.repositories.address import Address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.files import FolderFiles, text_of
from conda_store_labext.repositories.opening import pointers_in
from conda_store_labext.repositories.revision import Kind, names_of
from tests.repositories.cloning import staged
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server, git


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
    with staged(empty, tmp_path / "clones") as clone, pytest.raises(NotFound, match="no commits yet"):
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
        with pytest.raises(InvalidRequest, match="links are not followed"):
            clone.files().read("environment.yml")
        clone.publish(tmp_path / "clones" / "course")
    folder = tmp_path / "clones" / "course"
    assert not any(path.is_symlink() for path in folder.iterdir())
    assert git(folder, "status", "--porcelain") == "", "the next status calls none of it a change"
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


def test_another_protocol_than_the_addresss_own_is_not_used(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make()
    lying = Address(origin.url, "https", "host.org", "/o/r")
    clone = StagedClone(git_for(lying), lying, tmp_path / "clones")
    with clone, pytest.raises(RepositoryRefused, match="not allowed"):
        clone.fetch(None)
