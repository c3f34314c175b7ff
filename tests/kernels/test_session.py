"""Variables of the environment that Jupyter runs in stay with Jupyter, and so do our credentials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_store_labext.kernels.session import session_for

SYSTEM = "/usr/bin:/bin"


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """The kernel's environment, below the one that Jupyter runs in, as where its data folder lies there."""
    folder = tmp_path / "lab" / "share/jupyter/conda-store/v1/e/12345678-1"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def lab(tmp_path: Path) -> str:
    """The environment that Jupyter runs in."""
    return str(tmp_path / "lab")


def test_a_virtual_environment_of_jupyters_does_not_leak(prefix: Path, lab: str) -> None:
    active = {"VIRTUAL_ENV": lab, "VIRTUAL_ENV_PROMPT": "lab"}
    session = {**active, "PATH": f"{lab}/bin:{SYSTEM}", "HOME": "/home/me"}
    assert session_for(prefix, session) == {"PATH": SYSTEM, "HOME": "/home/me"}


def test_nor_one_that_was_never_activated(prefix: Path, lab: str) -> None:
    assert session_for(prefix, {"PATH": f"{SYSTEM}:{lab}/bin"}, lab) == {"PATH": SYSTEM}
    assert session_for(prefix, {"PATH": f"{SYSTEM}:{lab}/bin"}) == {"PATH": f"{SYSTEM}:{lab}/bin"}


def test_what_an_activated_conda_environment_had_set_is_taken_back(prefix: Path, lab: str) -> None:
    scripts = Path(lab, "etc/conda/activate.d")
    scripts.mkdir(parents=True)
    (scripts / "gcc.sh").write_text('export CC="gcc -x"\nexport LD_LIBRARY_PATH="$CONDA_PREFIX/lib"\n')
    Path(lab, "conda-meta").mkdir()
    Path(lab, "conda-meta/state").write_text(json.dumps({"env_vars": {"LAB_MODE": "1", "OTHER": "1"}}))
    theirs = {
        "CONDA_PREFIX": lab,
        "CONDA_DEFAULT_ENV": "lab",
        "CONDA_SHLVL": "2",
        "CONDA_PREFIX_1": "/opt/conda",
        "CONDA_PROMPT_MODIFIER": "(lab) ",
        "PROJ_LIB": f"{lab}/share/proj",
        "GDAL_DATA": f"{lab}/share/gdal",
        "R_HOME": f"{lab}/lib/R",
        "JAVA_HOME": f"{lab}/lib/jvm",
        "CC": "gcc -x",
        "LAB_MODE": "1",
    }
    mine = {
        "CONDA_EXE": f"{lab}/bin/conda",
        "JUPYTER_CONFIG_DIR": f"{lab}/etc/jupyter",
        "HOME": lab,
        "OTHER": "mine",
        "JAVA_OPTS": "-x",
        "GDAL_CACHEMAX": "9",
        "MY_DATA": f"{prefix}/data",
        "NEIGHBOUR": f"{lab}-too/x",
        "URL": "https://host:8080/x",
    }
    lists = {"LD_LIBRARY_PATH": f"{lab}/lib:/usr/local/nvidia/lib64", "PATH": f"{lab}/bin:{lab}/x:{SYSTEM}"}
    expected = {"LD_LIBRARY_PATH": "/usr/local/nvidia/lib64", "PATH": SYSTEM}
    assert session_for(prefix, {**theirs, **mine, **lists}) == mine | expected
    Path(lab, "condabin").mkdir()
    assert session_for(prefix, lists, lab)["PATH"] == f"{lab}/condabin:{SYSTEM}"


def test_an_environment_that_runs_in_itself_keeps_its_own(prefix: Path) -> None:
    own = {"PATH": f"{prefix}/bin:{SYSTEM}", "PROJ_LIB": f"{prefix}/share/proj"}
    assert session_for(prefix, {"CONDA_PREFIX": str(prefix), **own}) == own


@pytest.mark.parametrize("system", ["/usr", "/usr/local", "/"])
def test_the_systems_own_folders_are_nobodys_environment(prefix: Path, system: str) -> None:
    session = {"PATH": SYSTEM, "JAVA_HOME": "/usr/lib/jvm", "LD_LIBRARY_PATH": "/usr/local/lib:/x"}
    assert session_for(prefix, session, system) == session


def test_our_credentials_stay_unless_they_are_to_be_kept(prefix: Path) -> None:
    secrets = {"CONDA_STORE_TOKEN": "t", "CONDA_STORE_PASSWORD": "p"}
    others = {"CONDA_STORE_URL": "https://store", "CONDA_STORE_USERNAME": "me", "AWS_SECRET": "s"}
    assert session_for(prefix, secrets | others) == others
    kept = {"CONDA_STORE_LABEXT_KEEP_CREDENTIALS": "1", **secrets, **others}
    assert session_for(prefix, kept) == kept


def test_a_notebooks_backend_goes_only_where_it_can_be_imported(prefix: Path) -> None:
    inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    assert session_for(prefix, inline) == {}
    assert session_for(prefix, {"MPLBACKEND": "agg"}) == {"MPLBACKEND": "agg"}
    (prefix / "lib/python3.12/site-packages/matplotlib_inline").mkdir(parents=True)
    assert session_for(prefix, inline) == inline
