"""The sdist, and the wheel from it, each built once for all tests of it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.building import MADE, ROOT, link_packages, make_environment, run, unpack


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a copy of the tree as a fresh clone has it, and its Node.js packages, which take long to get."""
    copy = tmp_path_factory.mktemp("packaging") / "tree"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*MADE))
    link_packages(ROOT / "node_modules", copy / "node_modules")
    yield copy
    shutil.rmtree(copy / "node_modules", ignore_errors=True)


@pytest.fixture(scope="session")
def sdist(tree: Path) -> Path:
    """Build the sdist, and the labextension with it."""
    run([sys.executable, "-m", "build", "--installer=uv", "--sdist"], tree)
    return next((tree / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="session")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist where there is no Node.js."""
    folder = tmp_path_factory.mktemp("wheel")
    unpack(sdist, folder)
    path = str(Path(sys.executable).parent)
    assert shutil.which("node", path=path) is None
    run([sys.executable, "-m", "build", "--installer=uv", "--wheel"], folder, PATH=path)
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Give a new environment's interpreter: it sees the libraries installed here, but not this package."""
    return make_environment(tmp_path / "venv")
