"""The stand-in for conda: all that conda-store-server imports and calls, seen by its processes alone."""

from __future__ import annotations

import ast
import json
import os
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from conda_store_labext.local import environment
from conda_store_labext.local.paths import StorePaths
from tests.stores import RunningStore


def run(store: RunningStore, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the server would."""
    paths = store.local.paths
    settings = json.loads(paths.server_settings.read_bytes())
    (packages,) = paths.packages.iterdir()
    variables = environment.server_environment(paths, settings["alias"], packages)
    return subprocess.run(
        list(command), env=variables, cwd=paths.root, capture_output=True, text=True, check=False
    )


def imports_of_conda() -> set[tuple[str, str]]:
    """Return what conda-store-server takes from `conda`: modules, and names in them."""
    server = find_spec("conda_store_server")
    assert server is not None
    assert server.origin is not None
    imports = set()
    for path in Path(server.origin).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "conda":
                imports |= {(node.module or "", alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                imports |= {(name.name, "") for name in node.names if name.name.split(".")[0] == "conda"}
    return imports


def test_it_has_what_the_server_imports(store: RunningStore) -> None:
    wanted = imports_of_conda()
    assert ("conda.models.match_spec", "MatchSpec") in wanted
    code = "".join(
        f"from {module} import {name}\n" if name else f"import {module}\n" for module, name in sorted(wanted)
    )
    done = run(store, sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr


def test_specifications_and_addresses_are_understood(store: RunningStore) -> None:
    code = """
from conda.models.match_spec import MatchSpec
from conda.models.dist import Dist
from conda.common.path import strip_pkg_extension
print([MatchSpec(text).name for text in ("numpy", "conda-forge::Numpy >=1,<2", "numpy=2.*=py311_0")])
dist = Dist.from_string("http://host/conda-forge/linux-64/jupyter_client-8.1-py311_3.conda")
print(dist.base_url, dist.subdir, dist.name, dist.version, dist.build, dist.build_number)
print(strip_pkg_extension("a-1-0.tar.bz2"), strip_pkg_extension("a"))
try:
    MatchSpec("numpy >=>= 1")
except Exception:
    print("refused")
"""
    done = run(store, sys.executable, "-c", code)
    assert done.stdout.splitlines() == [
        "['numpy', 'numpy', 'numpy']",
        "http://host/conda-forge linux-64 jupyter_client 8.1 py311_3 3",
        "('a-1-0', '.tar.bz2') ('a', None)",
        "refused",
    ], done.stderr


@pytest.mark.parametrize("command", ["conda", "mamba"])
def test_the_commands_say_which_they_are(store: RunningStore, command: str) -> None:
    done = run(store, command, "--version")
    assert done.returncode == 0
    assert ("mamba" in done.stdout) == (command == "mamba")
    assert "conda 24" in done.stdout
    assert stat.S_IMODE((store.local.paths.commands / command).stat().st_mode) == 0o700


def test_info_names_the_package_cache(store: RunningStore) -> None:
    answer = json.loads(run(store, "conda", "info", "--json").stdout)
    assert answer["pkgs_dirs"][0].startswith(str(store.local.paths.packages))
    assert answer["channels"][0].startswith("http://127.0.0.1:")


def test_it_solves_and_says_why_it_cannot(store: RunningStore, tmp_path: Path) -> None:
    options = ["--prefix", str(tmp_path / "p"), "--dry-run", "--json", "--channel", "conda-forge"]
    solved = json.loads(run(store, "mamba", "create", *options, "python", "ipykernel").stdout)
    names = {record["name"] for record in solved["actions"]["FETCH"]}
    assert {"python", "ipykernel", "traitlets"} <= names
    assert not (tmp_path / "p").exists()
    refused = run(store, "mamba", "create", *options, "python", "no-such-package >=3")
    assert refused.returncode == 1
    assert "no-such-package" in json.loads(refused.stdout)["message"]


def test_it_installs_and_lists(store: RunningStore, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    made = run(
        store, "conda", "create", "--yes", "-p", str(prefix), "-c", "conda-forge", "python", "traitlets"
    )
    assert made.returncode == 0, made.stderr
    listed = json.loads(run(store, "conda", "list", "-p", str(prefix), "--json").stdout)
    assert sorted(package["name"] for package in listed) == ["python", "traitlets"]
    exported = json.loads(run(store, "conda", "env", "export", "-p", str(prefix), "--json").stdout)
    assert exported["channels"] == ["conda-forge"]
    shown = run(store, "conda", "run", "-p", str(prefix), "python", "-c", "import sys; print(sys.prefix)")
    assert shown.stdout.strip() == str(prefix)


def test_what_it_does_not_know_it_refuses(store: RunningStore) -> None:
    assert run(store, "conda", "update").returncode == 2
    assert run(store, "conda", "create", "--no-such-option").returncode == 2


def test_real_commands_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = StorePaths(tmp_path / "store")
    paths.prepare()
    monkeypatch.setenv("PATH", f"/usr/bin{os.pathsep}/bin")
    environment.write_commands(paths)
    assert {path.name for path in paths.commands.iterdir()} == {"conda", "mamba"}
    assert environment.solver_command() == "mamba"
    assert str(paths.commands) in environment.server_environment(paths, "", tmp_path)["PATH"]

    real = tmp_path / "bin" / "conda"
    real.parent.mkdir()
    real.write_text("#!/bin/sh\n")
    real.chmod(0o755)
    monkeypatch.setenv("PATH", str(real.parent), prepend=os.pathsep)
    environment.write_commands(paths)
    assert not paths.commands.exists()
    assert environment.solver_command() == "conda"
    variables = environment.server_environment(paths, "", tmp_path)
    assert str(paths.commands) not in variables["PATH"]
    assert variables["PYTHONPATH"].startswith(str(environment.STANDIN)), "its Python package is out of reach"


def test_the_server_sees_no_other_servers_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_STORE_TOKEN", "someone-elses")
    monkeypatch.setenv("JUPYTER_TOKEN", "the-labs")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "intranet.example")
    variables = environment.server_environment(StorePaths(tmp_path), "", tmp_path)
    assert not {"someone-elses", "the-labs"} & set(variables.values())
    assert variables["no_proxy"] == "intranet.example,127.0.0.1,localhost"
