"""The environment of a folder's new notebooks comes from the nearest file, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.errors import InvalidRequest, NotFound
from conda_store_labext.notebooks.folder_default import FolderDefault, folder_default

NONE = FolderDefault(None, None, None, None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "a/b c/d").mkdir(parents=True)
    return root


def test_the_nearest_file_counts(root: Path) -> None:
    assert folder_default(root, "a/b c/d") == NONE
    (root / ".conda-store.yml").write_text("environment: default/data:12\n")
    assert folder_default(root, "") == FolderDefault(".conda-store.yml", "default", "data", 12)
    assert folder_default(root, "a/b c/d/") == FolderDefault(".conda-store.yml", "default", "data", 12)
    (root / "a/b c/.conda-store.yml").write_text("environment: team/other  # active\n")
    default = FolderDefault("a/b c/.conda-store.yml", "team", "other", None)
    assert folder_default(root, "/a/b c/d") == default
    assert folder_default(root, "a").path == ".conda-store.yml"


def test_nothing_outside_of_the_root_is_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".conda-store.yml").write_text("environment: default/secret\n")
    assert folder_default(root, "") == NONE
    for outside in ("..", "a/../..", "a/../../root", "a\0b"):
        with pytest.raises(NotFound):
            folder_default(root, outside)
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(NotFound):
        folder_default(root, "link")
    (root / "a/.conda-store.yml").symlink_to(tmp_path / ".conda-store.yml")
    assert folder_default(root, "a") == NONE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "environment: data",
        "environment: [a/b]",
        "environment: a/b\nkernel: c",
        "- a/b",
        "{",
        "environment: !!python/object:os.system a/b",
        "[" * 3000,
        "#" * 70_000,
    ],
)
def test_a_file_that_is_not_understood_is_said_so(root: Path, text: str) -> None:
    (root / "a/.conda-store.yml").write_text(text)
    with pytest.raises(InvalidRequest, match=r"^a/\.conda-store\.yml is not valid"):
        folder_default(root, "a/b c")
