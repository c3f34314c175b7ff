"""An environment of this machine over HTTP: trusted, and on its way to conda-store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.server.asking import Ask, is_refused

pytestmark = pytest.mark.usefixtures("fresh_home")


@pytest.fixture
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder in which no environment is found."""
    monkeypatch.setenv("HOME", str(tmp_path))


def make_venv(path: Path, package: str) -> None:
    """Make a virtual environment by its files alone, in which somebody asked pip for a package."""
    base = sys._base_executable  # type: ignore[attr-defined]
    (path / "bin").mkdir(parents=True)
    (path / "bin/python").symlink_to(base)
    record = path / f"lib/python3.11/site-packages/{package}-1.0.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    for name in ("REQUESTED", "INSTALLER"):
        (record / name).touch()
    (record.parent / "ipykernel_launcher.py").touch()
    (path / "pyvenv.cfg").write_text(f"home = {Path(base).parent}\nversion = 3.11.7\n")


async def test_a_specification_is_made_and_the_project_starts_on_it(ask: Ask, jp_root_dir: Path) -> None:
    make_venv(jp_root_dir / "my 统计/.venv", "unheard_of")
    (row,) = (await ask("GET", "providers/machine/environments", folder="my 统计")).json["environments"]
    path = f"providers/machine/environments/{row['key']}"
    made = (await ask("GET", f"{path}/specification")).json
    assert made["specification"].startswith("name: my\n")
    assert made["conda"][0] == "python 3.11.*"
    assert made["pip"] == ["unheard_of>=1.0"]
    said = await ask("POST", f"{path}/project", body={"environment": "default/my"})
    file = jp_root_dir / "my 统计/.conda-store.yml"
    assert said.json == {"path": str(file.resolve())}
    assert file.read_text() == "environment: default/my\n"
    unnamed = await ask("POST", f"{path}/project", body={"environment": "x\ny: z"})
    assert is_refused(unnamed, 400, "invalid_request")
    assert file.read_text() == "environment: default/my\n"
    others = await ask("GET", "providers/conda-store/environments/default:minimal/specification")
    assert is_refused(others, 400, "invalid_request")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
async def test_the_panel_asks_before_a_strangers_environment_runs(ask: Ask, jp_root_dir: Path) -> None:
    make_venv(jp_root_dir / "theirs/.venv", "six")
    os.chown(jp_root_dir / "theirs/.venv", 65534, 65534)
    (row,) = (await ask("GET", "providers/machine/environments", folder="theirs")).json["environments"]
    path = f"providers/machine/environments/{row['key']}"
    assert is_refused(await ask("POST", f"{path}/kernels", body={}), 403, "not_trusted")
    assert is_refused(await ask("GET", f"{path}/activation"), 403, "not_trusted")
    assert (await ask("GET", f"{path}/packages")).status == 200
    assert (await ask("POST", f"{path}/trust")).status == 204
    assert (await ask("POST", f"{path}/kernels", body={})).status == 201


async def test_the_environment_of_a_notebooks_folder_is_said_with_what_to_make_it_from(
    ask: Ask, jp_root_dir: Path
) -> None:
    (jp_root_dir / "my p").mkdir()
    (jp_root_dir / "my p/requirements.txt").write_text("six\n")
    seen = (await ask("GET", "notebooks", "environment", path="my p/a.ipynb")).json
    assert (seen["environment"], seen["problem"]["code"]) == (None, "not_found")
    assert seen["file"] == "my p/requirements.txt"
    assert (await ask("GET", "notebooks", "environment", path="../a.ipynb")).status == 404
