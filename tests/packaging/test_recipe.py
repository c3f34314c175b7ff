"""The recipe for conda-forge, rendered by rattler-build itself, asks for what pyproject.toml asks for."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler_build import Package, Stage0Recipe, ToolConfiguration

from conda_store_labext.local.channel.build import build_channel
from tests.packaging.building import PACKAGE, ROOT, project, unpack

# The names under which conda-forge has packages of PyPI that it calls otherwise.
CONDA_NAMES = {"isal": "python-isal"}
RECIPE = ROOT / "recipe" / "recipe.yaml"


@pytest.fixture(scope="module")
def recipe() -> dict[str, Any]:
    """The recipe as rattler-build renders it."""
    (variant,) = Stage0Recipe.from_file(RECIPE).render()
    rendered: dict[str, Any] = variant.recipe.to_dict()
    return rendered


def wanted(requirements: list[str]) -> dict[str, set[str]]:
    """Return the version constraints of each requirement by conda's name."""
    parsed = [Requirement(text) for text in requirements]
    return {
        canonicalize_name(CONDA_NAMES.get(requirement.name, requirement.name)): {
            str(part) for part in requirement.specifier
        }
        for requirement in parsed
    }


def stated(requirements: list[str]) -> dict[str, set[str]]:
    """Return the same of a recipe's requirements."""
    pairs = [text.partition(" ") for text in requirements]
    return {canonicalize_name(name): set(filter(None, spec.split(","))) for name, _, spec in pairs}


def test_it_has_the_projects_name_version_and_licence(recipe: dict[str, Any]) -> None:
    assert recipe["package"] == {"name": project()["name"], "version": project()["version"]}
    assert recipe["about"]["license"] == project()["license"]
    assert recipe["about"]["summary"] == project()["description"]
    assert project()["version"] in str(recipe["source"])


def test_it_asks_for_what_the_package_asks_for(recipe: dict[str, Any]) -> None:
    python = {"python": {project()["requires-python"]}, canonicalize_name("__unix"): set()}
    assert stated(recipe["requirements"]["run"]) == wanted(project()["dependencies"]) | python


def test_it_builds_with_what_the_package_is_built_with(recipe: dict[str, Any]) -> None:
    needed = wanted(project("build-system")["requires"])
    del needed["jupyter-builder"]  # the frontend is in the sdist
    assert needed.items() <= stated(recipe["requirements"]["host"]).items()


def test_it_installs_the_same_programs(recipe: dict[str, Any]) -> None:
    points = [re.split(r"\s*=\s*", str(point)) for point in recipe["build"]["python"]["entry_points"]]
    assert dict(points) == project()["scripts"]


@pytest.mark.slow
def test_it_builds_the_package(sdist: Path, tmp_path: Path) -> None:
    """Of the sdist that was just built, with this Python, on a channel that has what `host` asks for."""
    channel = tmp_path / "conda-forge"
    build_channel(channel, tmp_path / "wheels", ["pip", *project("build-system")["requires"][:2]], print)
    unpack(sdist, tmp_path / "source")
    recipe = yaml.safe_load(RECIPE.read_text("utf-8"))
    recipe["source"] = {"path": str(tmp_path / "source")}
    recipe["context"]["python_min"] = f"{sys.version_info[0]}.{sys.version_info[1]}"
    (tmp_path / "recipe").mkdir()
    parsed = Stage0Recipe.from_yaml(yaml.safe_dump(recipe), recipe_dir=tmp_path / "recipe")
    (variant,) = parsed.render()
    built = variant.run_build(
        ToolConfiguration(test_strategy="skip"), output_dir=tmp_path / "out", channels=[channel.as_uri()]
    )
    package = Package.from_file(built.packages[0])
    assert package.noarch == "python"
    assert {
        f"site-packages/{PACKAGE}/__init__.py",
        "etc/jupyter/jupyter_server_config.d/conda_store_labext.json",
        "share/jupyter/labextensions/conda-store-labext/package.json",
    } <= set(package.files)
