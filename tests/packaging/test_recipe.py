"""The recipe for conda-forge, rendered by rattler-build itself, asks for what pyproject.toml asks for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler_build import Stage0Recipe

from tests.packaging.building import ROOT, project

# The names under which conda-forge has packages of PyPI that it calls otherwise.
CONDA_NAMES = {"isal": "python-isal"}


@pytest.fixture(scope="module")
def recipe() -> dict[str, Any]:
    """The recipe as rattler-build renders it."""
    (variant,) = Stage0Recipe.from_file(ROOT / "recipe" / "recipe.yaml").render()
    rendered: dict[str, Any] = variant.recipe.to_dict()
    return rendered


def wanted(requirements: list[str]) -> dict[str, set[str]]:
    """Return the version constraints of each requirement by conda's name."""
    parsed = [Requirement(text) for text in requirements]
    return {
        canonicalize_name(CONDA_NAMES.get(one.name, one.name)): {str(part) for part in one.specifier}
        for one in parsed
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
