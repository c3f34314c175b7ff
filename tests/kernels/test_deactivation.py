"""Variables that the scripts of Jupyter's own conda environment put back, for a kernel of another one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.kernels.activation import Activation

ACTIVATE = """\
export _BEFORE_PROJ="${PROJ_LIB-}"
export PROJ_LIB=/lab/proj
export CC=gcc-of-the-lab
export LD_LIBRARY_PATH="/lab/lib:${LD_LIBRARY_PATH-}"
"""
DEACTIVATE = """\
echo x >> "$CONDA_PREFIX/runs"
if [ -n "$_BEFORE_PROJ" ]; then export PROJ_LIB="$_BEFORE_PROJ"; else unset PROJ_LIB; fi
unset _BEFORE_PROJ
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH#/lab/lib:}"
"""
NAMES = ("PROJ_LIB", "CC", "LD_LIBRARY_PATH", "_BEFORE_PROJ", "CONDA_PREFIX")


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """The active environment, with scripts that put back what its activation replaces."""
    for name, text in (("activate", ACTIVATE), ("deactivate", DEACTIVATE)):
        script = tmp_path / f"lab/etc/conda/{name}.d/all.sh"
        script.parent.mkdir(parents=True)
        script.write_text(text)
    return tmp_path / "lab"


def activated_by_bash(lab: Path, session: dict[str, str]) -> dict[str, str]:
    """Return the variables of a shell in which the environment is active."""
    script = f". {lab}/etc/conda/activate.d/all.sh; env -0"
    done = subprocess.run(["bash", "-c", script], env=session, capture_output=True, text=True, check=True)
    return dict(pair.split("=", 1) for pair in done.stdout.split("\0") if "=" in pair)


@pytest.mark.parametrize("before", [{"PROJ_LIB": "/mine", "LD_LIBRARY_PATH": "/gpu"}, {}])
def test_a_kernel_gets_what_the_session_had_before(lab: Path, tmp_path: Path, before: dict[str, str]) -> None:
    session = {"PATH": os.environ["PATH"], "CONDA_PREFIX": str(lab), **before}
    active = activated_by_bash(lab, session)
    assert active["PROJ_LIB"] == "/lab/proj"
    environment = Activation(tmp_path / "env", "env", cache=tmp_path / "cache.json", jupyter=str(lab))
    for _ in range(2):
        variables = environment.activate(active).variables
        # nothing takes CC back; it goes all the same, as the environment's own activation had set it
        expected = {"CONDA_PREFIX": str(tmp_path / "env"), **before}
        assert {name: variables[name] for name in NAMES if variables.get(name)} == expected
    assert (lab / "runs").read_text() == "x\n", "they run once, as long as what they see is the same"


def test_its_own_kernel_runs_no_such_script(lab: Path) -> None:
    session = {"PATH": os.environ["PATH"], "CONDA_PREFIX": str(lab), "PROJ_LIB": "/lab/proj"}
    assert Activation(lab, "lab", jupyter="").activate(session).variables["PROJ_LIB"] == "/lab/proj"
    assert not (lab / "runs").exists()


def test_a_virtual_environment_is_activated_as_its_own_script_does(lab: Path, tmp_path: Path) -> None:
    session = {
        "PATH": f"{lab}/bin:/usr/bin:/bin",
        "CONDA_PREFIX": str(lab),
        "PYTHONHOME": "/other",
        "VIRTUAL_ENV": "/venv",
        "CONDA_STORE_TOKEN": "s3cr3t",
        "MINE": "1",
    }
    environment = Activation(tmp_path / "p/.venv", "p", virtual=True, jupyter=str(lab))
    assert environment.activate(session, {"OWN": "2", "PATH": "/farm"}).variables == {
        "PATH": f"{tmp_path}/p/.venv/bin:/farm:/usr/bin:/bin",
        "VIRTUAL_ENV": f"{tmp_path}/p/.venv",
        "VIRTUAL_ENV_PROMPT": "p",
        "LD_LIBRARY_PATH": "",
        "MINE": "1",
        "OWN": "2",
    }
    assert Activation.from_json(environment.to_json()) == environment
