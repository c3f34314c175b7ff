"""Trust: a file of the user's own, where everything that is not certain means no."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.trust import is_own, starts_with_a_kernel, tracked_environments
from conda_store_labext.store.trust import Trust, TrustFile


def test_what_was_said_yes_to_is_remembered_for_the_user_alone(tmp_path: Path) -> None:
    file = TrustFile(tmp_path / "config")
    assert file.read() == Trust()
    file.add("host.org/o/r", [("numpy", "conda-forge")])
    file.add(packages=[("six", "pypi")])
    file.add(environment="7:/p/.venv")
    assert file.read() == Trust(
        frozenset({"host.org/o/r"}),
        frozenset({"conda-forge/numpy", "pypi/six"}),
        frozenset({"7:/p/.venv"}),
    )
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    new = file.read().new_packages([("numpy", "conda-forge"), ("numpy", "other"), ("a", "pypi")])
    assert new == (("other", "numpy"), ("pypi", "a")), "another channel's package is another one"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 1}',
        '{"version": 2, "repositories": ["host.org/o/r"], "packages": []}',
        '{"version": 1, "repositories": [1], "packages": []}',
        '{"version": 1, "repositories": "host", "packages": 1}',
        '{"version": 1, "repositories": ["host.org/o/r"], "packages": [], "environments": [1]}',
    ],
)
def test_a_damaged_file_means_no(tmp_path: Path, text: str) -> None:
    file = TrustFile(tmp_path)
    file.path.write_text(text)
    file.path.chmod(0o600)
    assert file.read() == Trust()
    file.add("host.org/o/r")
    assert file.read().repositories == {"host.org/o/r"}


def test_a_file_that_others_may_write_or_that_is_a_link_means_no(tmp_path: Path) -> None:
    file = TrustFile(tmp_path)
    file.add("host.org/o/r")
    file.path.chmod(0o666)
    assert file.read() == Trust()
    elsewhere = tmp_path / "elsewhere.json"
    file.path.chmod(0o600)
    file.path.rename(elsewhere)
    file.path.symlink_to(elsewhere)
    assert file.read() == Trust()


def test_only_what_lies_here_and_is_the_users_is_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_own(parse_address(str(tmp_path)))
    assert not is_own(parse_address("https://host.org/o/r"))
    assert not is_own(parse_address(str(tmp_path / "gone")))
    monkeypatch.setattr("os.getuid", lambda: 12345)
    assert not is_own(parse_address(str(tmp_path)))


def test_what_runs_with_a_kernel_and_what_passes_for_an_environment_is_named() -> None:
    paths = (
        ".venv/bin/python",
        ".venv/pyvenv.cfg",
        "code.py",
        "lessons/code.py",
        "lessons/email.py/x",
        "lessons/ipykernel_launcher.py",
        "lessons/mine.py",
        "env/conda-meta/history",
    )
    assert starts_with_a_kernel(paths, "lessons") == ("lessons/code.py", "lessons/ipykernel_launcher.py")
    assert starts_with_a_kernel(paths, "") == ("code.py",)
    assert tracked_environments(paths) == (".venv", "env")
