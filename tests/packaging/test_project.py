"""Files around the package that have to agree: addresses, versions, workflows, Binder."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conda_store_labext.cli import parser
from conda_store_labext.cli.demo import ENVIRONMENTS
from tests.packaging.building import PACKAGE, ROOT, project, run

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILES = (ROOT / "Makefile", *sorted(ROOT.glob("tests/*/targets.mk")))
TARGETS = {
    target
    for file in MAKEFILES
    for target in re.findall(r"^([a-z-]+):", file.read_text("utf-8"), re.MULTILINE)
}


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_the_home_of_the_project_is_the_same_everywhere() -> None:
    home = project()["urls"]["Homepage"]
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert package["homepage"] == home
    assert package["bugs"]["url"] == project()["urls"]["Issues"] == f"{home}/issues"
    assert package["repository"]["url"] == f"git+{home}.git"
    for name in ("README.md", "docs/conf.py", "recipe/recipe.yaml", "SECURITY.md"):
        assert home in (ROOT / name).read_text("utf-8"), name
    owner = home.removeprefix("https://github.com/")
    assert f"https://mybinder.org/v2/gh/{owner}/main" in (ROOT / "README.md").read_text("utf-8")


def test_there_are_workflows_to_check_try_and_release() -> None:
    assert {"build", "links", "check-release", "prep-release", "publish-release"} <= {
        path.stem for path in WORKFLOWS
    }


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=[path.stem for path in WORKFLOWS])
def test_a_workflow_runs_make_targets_that_exist(workflow: Path) -> None:
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        if "run" in step:
            program, target = step["run"].split()
            assert program == "make"
            assert target in TARGETS
        else:
            assert re.fullmatch(r"[\w-]+/[\w/.-]+@v\d+", step["uses"])


def test_the_workflows_run_everything_that_make_test_does() -> None:
    (needed,) = re.findall(r"^test: ([a-z -]+?) ##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    run = {step["run"].removeprefix("make ") for step in steps(WORKFLOWS[0]) if "run" in step}
    assert WORKFLOWS[0].stem == "build"
    checks = set(needed.split()) - {"side-by-side"} | {"pytest", "ui-test"}
    assert checks | {"dist", "try-wheel"} == run


def test_only_the_publishing_job_may_ask_for_an_identity() -> None:
    asking = [path.stem for path in WORKFLOWS if "id-token: write" in path.read_text("utf-8")]
    assert asking == ["publish-release"]


@pytest.mark.parametrize("script", ["postBuild", "start"])
def test_binders_scripts_are_sound_and_name_commands_that_exist(script: str) -> None:
    path = ROOT / "binder" / script
    subprocess.run(["bash", "-n", path], check=True)
    assert path.stat().st_mode & 0o111
    commands = re.findall(r"^jupyter conda-store (.*)$", path.read_text("utf-8"), re.MULTILINE)
    assert commands
    for command in commands:
        parser().parse_args(shlex.split(command))


def test_binder_has_the_demos_environments() -> None:
    script = (ROOT / "binder" / "postBuild").read_text("utf-8")
    made = dict(re.findall(r"env create default/(\S+) (.*) --watch", script))
    expected = {name: packages for name, packages in ENVIRONMENTS.items() if name != "unsolvable"}
    assert {name: tuple(words.replace("-p ", "").split()) for name, words in made.items()} == expected


def test_a_new_version_is_set_everywhere_at_once(tmp_path: Path) -> None:
    places = ("pyproject.toml", "package.json", f"{PACKAGE}/__init__.py", "recipe/recipe.yaml")
    for place in places:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / place, tmp_path / place)
    run(["git", "init", "--quiet"], tmp_path)
    run(
        [sys.executable, "-m", "uv", "tool", "run", "tbump", "--only-patch", "--non-interactive", "98.76.54"],
        tmp_path,
    )
    assert all("98.76.54" in (tmp_path / place).read_text("utf-8") for place in places)


def test_what_the_demo_needs_comes_with_its_extra() -> None:
    extras = project()["optional-dependencies"]
    assert "conda-store-labext[local]" in extras["demo"]
    assert any(text.startswith("jupyterlab>=") for text in extras["demo"])


def test_what_only_the_local_store_needs_comes_with_its_extra_alone() -> None:
    extras = project()["optional-dependencies"]
    assert not [text for text in project()["dependencies"] if text.startswith("conda-pack")]
    assert all(any(text.startswith("conda-pack") for text in extras[name]) for name in ("local", "test"))
