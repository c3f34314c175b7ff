"""Which of a folder's environments its kernel starts from, and under which name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conda_store_labext.errors import NoKernel
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.provisioner import KERNEL
from tests.machine.conftest import MakeVenv
from tests.machine.test_kernels import told_by


@pytest.mark.parametrize(
    ("metadata", "chosen"),
    [
        ({"environment": "lab"}, "lab"),
        ({"environment": ""}, "default"),
        ({"environment": 7}, "default"),
        ({"environment": "gone"}, "default"),
        (None, "default"),
    ],
)
def test_a_notebook_names_its_pixi_environment_in_any_locale(
    home: Path, bare_venv: MakeVenv, metadata: dict[str, object] | None, chosen: str
) -> None:
    for name in ("default", "lab"):
        prefix = bare_venv(home / "p/.pixi/envs" / name)
        (prefix / "lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    notebook = {"metadata": {"title": "Übung 统计", **({"pixi-kernel": metadata} if metadata else {})}}
    (home / "p/ü.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    code = (
        "import pathlib, sys; from conda_store_labext.machine.provisioner import folder_environment as f\n"
        "folder = pathlib.Path(sys.argv[1]); print(f(folder, sys.argv[2]).path.name, f(folder).path.name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, home / "p", "p/ü.ipynb"],
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [chosen, "default"], done.stderr


async def test_an_environment_behind_a_link_starts_by_the_name_that_people_know(
    home: Path, linked_venv: MakeVenv
) -> None:
    linked_venv(home / "shared/.venv")
    for project in ("a", "b"):
        (home / project).mkdir()
    (home / "a/.venv").symlink_to("../shared/.venv")
    # as pixi has it where its environments lie elsewhere
    (home / "b/.pixi/envs").mkdir(parents=True)
    (home / "b/.pixi/envs/default").symlink_to(home / "shared/.venv")
    assert (await told_by(KERNEL, home / "a"))[0] == str(home / "a/.venv")
    assert (await told_by(KERNEL, home / "b"))[0] == str(home / "b/.pixi/envs/default")


def test_pixi_environments_are_chosen_by_the_notebook_then_by_what_can_run(
    home: Path, finder: Finder, bare_venv: MakeVenv
) -> None:
    for name, ready in (("default", False), ("lab", True), ("cuda", True)):
        prefix = bare_venv(home / "p/.pixi/envs" / name)
        (prefix / "conda-meta").mkdir()
        (prefix / "conda-meta/python-3.11.7-h0_0.json").touch()
        if ready:
            (prefix / "lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    with pytest.raises(NoKernel, match="`default` of ~/p has no kernel, but cuda, lab have"):
        finder.of_folder(home / "p")
    assert finder.of_folder(home / "p", "lab").path.name == "lab"
    shutil.rmtree(home / "p/.pixi/envs/cuda")
    assert finder.of_folder(home / "p").path.name == "lab"
    (home / "p/.pixi/envs/default/lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    assert finder.of_folder(home / "p").path.name == "default"
