"""Distributions by pip and build: an sdist, the wheel from it without Node.js, an editable install."""

from __future__ import annotations

import json
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from jupyterlab.commands import _validate_extension, read_package

from tests.packaging.building import PACKAGE, run
from tests.packaging.halves import assert_both_halves_work

pytestmark = pytest.mark.slow

LABEXTENSION = "share/jupyter/labextensions/conda-store-labext"
SERVER_CONFIG = "etc/jupyter/jupyter_server_config.d/conda_store_labext.json"


@pytest.fixture(scope="session")
def members(wheel: Path) -> frozenset[str]:
    """Give the names of the wheel's files, those of its data folder from `data/` on."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(name.split(".data/")[-1] for name in archive.namelist())


def install(python: Path, *what: str | Path) -> None:
    """Install without dependencies."""
    run([python, "-m", "pip", "install", "--quiet", "--no-deps", *what], python.parent)


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


def test_the_wheels_page_has_no_link_to_a_file_beside_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        page = archive.read(name).decode()
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert links
    assert all(link.startswith("https://") for link in links)


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
    assert_both_halves_work(python, python.parents[1] / "home")


def test_editable_install_shows_both_halves(tree: Path, python: Path) -> None:
    install(python, "--editable", tree)
    # What `jupyter labextension develop` calls, but by this interpreter and not by the one that PATH names.
    run([python, "-m", "jupyter_builder.main", "develop", tree, "--overwrite"], tree)
    assert_both_halves_work(python, python.parents[1] / "home")
    assert (python.parents[1] / LABEXTENSION).is_symlink()


def test_npm_package_is_an_extension_that_jupyterlab_would_install(sdist: Path, tree: Path) -> None:
    """The build of the sdist has compiled the frontend in the tree."""
    packed = json.loads(run(["npm", "pack", "--json", "--silent"], tree))[0]
    names = {file["path"] for file in packed["files"]}
    data = read_package(str(tree / packed["filename"]))
    assert {"package.json", "README.md", "LICENSE", data["main"], data["types"], data["style"]} <= names
    assert data["styleModule"] in names
    assert {f"schema/{path.name}" for path in (tree / "schema").iterdir()} <= names
    modules = {path.relative_to(tree / "src").with_suffix(".js") for path in (tree / "src").rglob("*.ts*")}
    wanted = {f"lib/{path}" for path in modules if "__tests__" not in path.parts and path.suffixes == [".js"]}
    assert wanted <= names
    assert not [name for name in names if "__tests__" in name or name.endswith((".py", ".tgz"))]
    assert not _validate_extension(data)  # what `jupyter labextension install` asks first
