"""What pip and build make of this tree: an sdist, the wheel from it without Node.js, an editable install."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PACKAGE = "conda_store_labext"
LABEXTENSION = "share/jupyter/labextensions/conda-store-labext"
SERVER_CONFIG = "etc/jupyter/jupyter_server_config.d/conda_store_labext.json"
MADE = (
    *(".git", ".venv", "node_modules", "lib", "build", "dist", "coverage", "labextension", "*.egg-info"),
    *("__pycache__", ".*_cache", ".hypothesis", "test-results", "playwright-report", "*.tsbuildinfo"),
)


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    """Run a command in a folder and return what it printed; fail with that if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "JUPYTER_PACKAGING_SKIP_NPM": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a copy of the tree with nothing in it that was made, as a fresh clone has it."""
    copy = tmp_path_factory.mktemp("packaging") / "tree"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*MADE))
    yield copy
    shutil.rmtree(copy / "node_modules", ignore_errors=True)


@pytest.fixture(scope="session")
def sdist(tree: Path) -> Path:
    """Build the sdist, and the labextension with it."""
    run([sys.executable, "-m", "build", "--sdist"], tree)
    return next((tree / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="session")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist where there is no Node.js."""
    folder = tmp_path_factory.mktemp("wheel")
    run(["tar", "-xzf", sdist, "--strip-components=1"], folder)
    path = str(Path(sys.executable).parent)
    assert shutil.which("node", path=path) is None
    run([sys.executable, "-m", "build", "--wheel"], folder, PATH=path)
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="session")
def members(wheel: Path) -> frozenset[str]:
    """Give the names of the wheel's files, those of its data folder from `data/` on."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(name.split(".data/")[-1] for name in archive.namelist())


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Give a new environment's interpreter: it sees the libraries installed here, but not this package."""
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    interpreter = tmp_path / "venv" / "bin" / "python"
    packages = run([interpreter, "-c", "import site; print(site.getsitepackages()[0])"], tmp_path).strip()
    # A path in a .pth file brings the modules of that folder, not what its own .pth files add.
    own = [path for path in sys.path if path.endswith("site-packages")]
    Path(packages, "libraries.pth").write_text("\n".join(own) + "\n", encoding="utf-8")
    return interpreter


def install(python: Path, *what: str | Path) -> None:
    """Install without dependencies."""
    run([python, "-m", "pip", "install", "--quiet", "--no-deps", *what], python.parent)


def assert_both_halves_work(python: Path) -> None:
    """Ask JupyterLab and jupyter_server whether they see their half as enabled and OK."""
    home = python.parents[1] / "home"
    jupyter = {
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "NO_COLOR": "1",
    }
    lab = run([python, "-m", "jupyterlab.labextensions", "list"], python.parent, **jupyter)
    line = next((line for line in lab.splitlines() if "conda-store-labext v" in line), lab)
    assert "enabled" in line, lab
    assert "OK" in line, lab
    server = run([python, "-m", "jupyter_server.extension.serverextension", "list"], python.parent, **jupyter)
    about = [line for line in server.splitlines() if PACKAGE in line]
    assert any("enabled" in line for line in about), server
    assert any("OK" in line for line in about), server


def test_wheel_holds_every_file_of_the_package(members: frozenset[str], tree: Path) -> None:
    files = {
        path for path in (tree / PACKAGE).rglob("*") if path.is_file() and "labextension" not in path.parts
    }
    sources = {str(path.relative_to(tree)) for path in files if "__pycache__" not in path.parts}
    assert sources <= members, f"Add {sorted(sources - members)} to package-data in pyproject.toml."


def test_wheel_holds_the_labextension(members: frozenset[str], tree: Path) -> None:
    assert f"data/{LABEXTENSION}/package.json" in members
    assert f"data/{LABEXTENSION}/install.json" in members
    assert f"data/{LABEXTENSION}/static/style.js" in members
    assert any(name.startswith(f"data/{LABEXTENSION}/static/remoteEntry.") for name in members)
    schemas = {
        f"data/{LABEXTENSION}/schemas/conda-store-labext/{path.name}" for path in tree.glob("schema/*.json")
    }
    assert schemas
    assert schemas <= members


def test_wheel_enables_the_server_extension(members: frozenset[str]) -> None:
    assert f"data/{SERVER_CONFIG}" in members


def test_wheel_holds_nothing_twice_and_nothing_foreign(members: frozenset[str]) -> None:
    roots = {name.split("/")[0] for name in members if not name.split("/")[0].endswith(".dist-info")}
    assert roots == {PACKAGE, "data"}
    assert not [name for name in members if name.startswith(f"{PACKAGE}/labextension")]


def test_wheel_names_no_folder_of_the_machine_that_built_it(wheel: Path, tree: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        telling = [name for name in archive.namelist() if str(tree).encode() in archive.read(name)]
    assert not telling


def test_wheel_has_the_command_and_any_platform(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        points = next(name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        assert b"jupyter-conda-store = conda_store_labext.cli:main" in archive.read(points)


def test_sdist_builds_and_tests_again(sdist: Path, tree: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        str(path.relative_to(tree))
        for part in ("src", "style", "schema")
        for path in (tree / part).rglob("*.*")
    }
    wanted |= {"package.json", "yarn.lock", "tsconfig.json", "Makefile", "_build_backend/backend.py"}
    wanted |= {f"{PACKAGE}/labextension/package.json", "tests/packaging/test_distributions.py"}
    assert wanted <= names
    assert not [name for name in names if name.startswith(("node_modules", "lib/"))]


def test_versions_agree(tree: Path, wheel: Path) -> None:
    package = json.loads((tree / "package.json").read_text(encoding="utf-8"))
    version = wheel.name.split("-")[1]
    assert package["version"] == version
    source = (tree / PACKAGE / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{version}"' in source


def test_installed_wheel_shows_both_halves(wheel: Path, python: Path) -> None:
    install(python, wheel)
    assert_both_halves_work(python)


def test_editable_install_shows_both_halves(tree: Path, python: Path) -> None:
    install(python, "--editable", tree)
    # What `jupyter labextension develop` calls, but by this interpreter and not by the one that PATH names.
    run([python, "-m", "jupyter_builder.main", "develop", tree, "--overwrite"], tree)
    assert_both_halves_work(python)
    assert (python.parents[1] / LABEXTENSION).is_symlink()
