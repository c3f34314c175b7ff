"""Writing back: committed and pushed as the user, saved where that may not be."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from conda_store_labext.errors import (
    CondaStoreLabError,
    Conflict,
    InvalidRequest,
    NotFound,
    RepositoryError,
)
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.delivery import request_address
from conda_store_labext.repositories.writeback import WriteBack
from tests.cli.running import PROGRAM
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import PASSWORD, USER, Server, git, serving

AUTHOR = "Ada <ada@example.org>"


def cloned(url: str, parent: Path, secret: str = "") -> Path:
    """Clone as `open` does."""
    address = parse_address(url.replace("://", f"://{secret}", 1))
    with StagedClone(git_for(address), address, parent) as staged:
        staged.fetch(None)
        staged.publish(parent / "mine")
    return parent / "mine"


def sign_in(home: Path) -> None:
    """Let the user's git know the password, by a credential helper."""
    (home / ".gitconfig").write_text(
        f'[credential]\n helper = "!f() {{ echo username={USER}; echo password={PASSWORD}; }}; f"\n'
        "[user]\n name = Ada\n email = ada@example.org\n"
    )


def test_a_change_is_pushed_on_a_branch_with_the_users_own_credentials(
    make: MakeOrigin, private: Server, tmp_path: Path, home: Path
) -> None:
    origin = make({"environment.yml": "dependencies:\n  - python\n", "other.txt": "1"})
    folder = cloned(private.address(origin), tmp_path / "clones", f"{USER}:{PASSWORD}@")
    sign_in(home)
    (folder / "environment.yml").write_text("dependencies:\n  - python\n  - numpy\n")
    (folder / "other.txt").write_text("not to be written back")
    (folder / "new.txt").write_text("untracked")
    back = WriteBack(folder)
    assert back.changed() == ("environment.yml", "other.txt")
    assert "+  - numpy" in back.difference(["environment.yml"])
    assert "+untracked" in back.difference(["new.txt"])
    assert git(folder, "status", "--porcelain") == "M environment.yml\n M other.txt\n?? new.txt"
    branch = back.new_branch(date(2026, 11, 27))
    assert branch == "conda-store/2026-11-27"
    committed = back.commit(["environment.yml"], "Add numpy", branch)
    pushed = back.push(committed)
    assert pushed.branch == branch
    assert git(origin.bare, "show", f"{branch}:environment.yml").endswith("- numpy")
    assert git(origin.bare, "log", "-1", "--format=%an <%ae> %s", branch) == "Ada <ada@example.org> Add numpy"
    assert git(origin.bare, "diff", "--name-only", "main", branch) == "environment.yml"
    assert git(folder, "status", "--porcelain") == "M other.txt\n?? new.txt"
    assert back.new_branch(date(2026, 11, 27)) == f"{branch}-2"
    config = (folder / ".git" / "config").read_text()
    assert PASSWORD not in config
    assert PASSWORD not in f"{pushed}{committed}"


def test_without_the_right_to_push_there_is_a_patch_and_a_bundle(
    make: MakeOrigin, server: Server, tmp_path: Path
) -> None:
    origin = make({"a.txt": "1\n"})
    with serving(tmp_path / "origins", readonly=True) as readonly:
        folder = cloned(readonly.address(origin), tmp_path / "clones")
        (folder / "a.txt").write_text("2\n")
        back = WriteBack(folder)
        committed = back.commit(["a.txt"], "Mine", back.new_branch(), AUTHOR)
        with pytest.raises(CondaStoreLabError) as raised:
            back.push(committed)
        assert raised.value.code == "repository_refused"
        saved = back.save(committed, tmp_path / "saved")
    assert git(origin.work, "apply", "--check", saved.patch) == ""
    git(origin.work, "fetch", "--quiet", saved.bundle, committed.branch)
    assert git(origin.work, "show", "FETCH_HEAD:a.txt") == "2"
    assert (folder / "a.txt").read_text() == "2\n"
    assert git(folder, "rev-parse", committed.branch) == committed.commit


def test_who_commits_is_asked_for_once_and_kept_nowhere(make: MakeOrigin, tmp_path: Path, home: Path) -> None:
    folder = cloned(make({"a.txt": "1"}).url, tmp_path / "clones")
    (folder / "a.txt").write_text("2")
    back = WriteBack(folder)
    for config in ("", "[user]\n name =\n email = a@b\n"):
        (home / ".gitconfig").write_text(config)
        with pytest.raises(InvalidRequest, match="--author"):
            back.commit(["a.txt"], "Mine", "b")
        assert back.branch() == "main"
    for wrong in ("Ada", "<a@b>", "Ada <nothing>", "Ada\n<a@b>"):
        with pytest.raises(InvalidRequest, match="is not an author"):
            back.commit(["a.txt"], "Mine", "b", wrong)
    back.commit(["a.txt"], "Mine", "b", AUTHOR)
    assert git(folder, "log", "-1", "--format=%cn <%ce>") == AUTHOR
    assert "Ada" not in (folder / ".git" / "config").read_text() + (home / ".gitconfig").read_text()


def test_the_hooks_are_the_users_own_and_lose_nothing(make: MakeOrigin, tmp_path: Path) -> None:
    folder = cloned(make({"a.txt": "1"}).url, tmp_path / "clones")
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)

    def says(script: str) -> None:
        hook.write_text(f"#!/bin/sh\n{script}\n")
        hook.chmod(0o755)

    (folder / "a.txt").write_text("2")
    says("printf 'no \\033[31mred\\033[0m\\n' >&2; exit 1")
    back = WriteBack(folder)
    with pytest.raises(RepositoryError, match="no red"):
        back.commit(["a.txt"], "Mine", "b", AUTHOR)
    assert (back.branch(), (folder / "a.txt").read_text()) == ("main", "2")
    assert git(folder, "branch", "--list", "b") == ""
    says("grep -q fixed a.txt || { echo fixed > a.txt; exit 1; }")
    back.commit(["a.txt"], "Mine", "b", AUTHOR)
    assert git(folder, "show", "HEAD:a.txt") == "fixed"
    (folder / "a.txt").write_text("3")
    says("exit 1")
    back.commit(["a.txt"], "Mine", None, AUTHOR, hooks=False)
    assert git(folder, "show", "HEAD:a.txt") == "3"


def test_a_shallow_clone_is_deepened_where_the_receiver_lacks_its_parents(
    make: MakeOrigin, tmp_path: Path
) -> None:
    origin = make({"a.txt": "1"})
    fork = tmp_path / "fork.git"
    git(tmp_path, "clone", "--quiet", "--bare", origin.url, str(fork))
    for number in (2, 3):
        origin.commit({"a.txt": str(number)})
    folder = cloned(origin.url, tmp_path / "clones")
    git(folder, "remote", "add", "fork", str(fork))
    (folder / "a.txt").write_text("mine")
    back = WriteBack(folder)
    committed = back.commit(["a.txt"], "Mine", "b", AUTHOR)
    back.push(committed, "fork")
    assert git(fork, "rev-parse", "b") == committed.commit


def test_somebody_who_was_faster_is_named_and_nothing_is_forced(make: MakeOrigin, tmp_path: Path) -> None:
    origin = make({"a.txt": "1"})
    folder = cloned(origin.url, tmp_path / "clones")
    (folder / "a.txt").write_text("mine")
    newest = origin.commit({"a.txt": "2"})
    back = WriteBack(folder)
    committed = back.commit(["a.txt"], "Mine", None, AUTHOR)
    with pytest.raises(Conflict, match="rejects the branch main"):
        back.push(committed)
    assert git(origin.bare, "rev-parse", "main") == newest
    (folder / "a.txt").write_text("again")
    with pytest.raises(Conflict, match="already"):
        back.commit(["a.txt"], "Again", "main", AUTHOR)


def test_nothing_is_committed_where_nothing_changed(make: MakeOrigin, tmp_path: Path) -> None:
    folder = cloned(make({"a.txt": "1"}).url, tmp_path / "clones")
    with pytest.raises(InvalidRequest, match="nothing to write back"):
        WriteBack(folder).commit(["a.txt"], "Mine", "b", AUTHOR)
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotFound, match="not a git repository"):
        WriteBack(tmp_path / "plain")


def test_nobody_is_asked_for_a_password_that_nobody_sees(
    make: MakeOrigin, private: Server, tmp_path: Path
) -> None:
    folder = cloned(private.address(make({"a.txt": "1"})), tmp_path / "clones", f"{USER}:{PASSWORD}@")
    (folder / "a.txt").write_text("2")
    back = WriteBack(folder)
    committed = back.commit(["a.txt"], "Mine", "b", AUTHOR)
    with pytest.raises(CondaStoreLabError, match="credentials"):
        back.push(committed)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git@github.com:o/r.git", "https://github.com/o/r/compare/conda-store/2026?expand=1"),
        (
            "https://gitlab.example.org/o/r",
            "https://gitlab.example.org/o/r/-/merge_requests/new?merge_request%5Bsource_branch%5D=conda-store%2F2026",
        ),
        ("https://git.example.org/o/r", None),
        ("/srv/r", None),
    ],
)
def test_the_page_for_a_pull_request_is_the_forges(url: str, expected: str | None) -> None:
    assert request_address(parse_address(url), "conda-store/2026") == expected


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `jupyter conda-store writeback` as a script does."""
    return subprocess.run(
        [*PROGRAM, "writeback", *arguments],
        env={**os.environ, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_package_is_written_back_by_one_command(
    make: MakeOrigin, private: Server, tmp_path: Path, home: Path
) -> None:
    text = "# needs\r\ndependencies:\r\n  - python  # the language\r\n"
    origin = make({"environment.yml": text})
    folder = cloned(private.address(origin), tmp_path / "clones", f"{USER}:{PASSWORD}@")
    sign_in(home)
    shown = run(home, str(folder), "--package", "numpy>=2", "--diff")
    assert (shown.returncode, "+  - numpy>=2" in shown.stdout) == (0, True), shown.stderr
    assert git(folder, "status", "--porcelain") == "", "nothing was changed"
    unasked = run(home, str(folder), "--package", "numpy>=2")
    assert unasked.returncode == 2
    assert git(folder, "status", "--porcelain") == ""
    done = run(home, str(folder), "--package", "numpy>=2", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    written = (folder / "environment.yml").read_bytes().decode()
    assert written == text + "  - numpy>=2\r\n"
    assert git(origin.bare, "log", "-1", "--format=%s", answer["branch"]) == "Add numpy>=2"
    (folder / "environment.yml").write_bytes(text.encode())
    saved = run(home, str(folder), "--save", str(tmp_path / "saved"), "--yes", "--here")
    assert saved.returncode == 0, saved.stderr
    assert all(Path(line).is_file() for line in saved.stdout.split())
    (folder / "environment.yml").write_bytes(b"dependencies: []\n")
    (home / ".gitconfig").write_text("[user]\n name = Ada\n email = ada@example.org\n")
    refused = run(home, str(folder), "--yes")
    assert refused.returncode == 4
    assert {path.suffix for path in (tmp_path / "clones" / "mine-writeback").iterdir()} == {
        ".patch",
        ".bundle",
    }
    nothing = run(home, str(folder), "--yes")
    assert nothing.returncode == 2
    assert "nothing to write back" in nothing.stderr


def test_a_commit_that_is_refused_leaves_the_manifest_as_it_was(
    make: MakeOrigin, tmp_path: Path, home: Path
) -> None:
    folder = cloned(make({"requirements.txt": "six\n"}).url, tmp_path / "clones")
    refused = run(home, str(folder), "--pip", "rich", "--yes")
    assert refused.returncode == 2
    assert "--author" in refused.stderr
    assert (folder / "requirements.txt").read_text() == "six\n"
    assert git(folder, "branch", "--list", "conda-store/*") == ""
