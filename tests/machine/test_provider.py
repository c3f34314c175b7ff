"""The provider of this machine's environments: what the panel and the commands get from it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from conda_store_labext.errors import Conflict, InvalidRequest, KernelRunning, NotFound
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.installers import find_uv
from conda_store_labext.machine.provider import MachineProvider
from conda_store_labext.models import CreateRequest, EnvironmentProvider, PackageManager, PackageRequest
from conda_store_labext.models.providers import PackageChanger
from tests.machine.conftest import MakeVenv


@pytest.fixture
def provider(finder: Finder) -> MachineProvider:
    return MachineProvider(finder)


def key_of(provider: MachineProvider, folder: Path) -> str:
    return provider.environments(folder).environments[0].key


def test_it_is_a_provider_that_changes_packages(provider: MachineProvider) -> None:
    typed: EnvironmentProvider = provider
    assert isinstance(typed, PackageChanger)
    assert typed.about.changes
    assert typed.about.creates


def test_an_environment_is_made_launched_found_again_and_removed(
    home: Path, provider: MachineProvider
) -> None:
    (home / "p").mkdir()
    made = provider.create(CreateRequest(str(home / "p")), lambda _: None, lambda: None)
    assert made.problem is None
    assert made.display_name.startswith("p (.venv, Python 3.")
    (kernel,) = provider.register(made.key, "My kernel")
    assert provider.register(made.key)[0].display_name == "My kernel", "launching keeps the name"
    # another day, another program, another folder that is open
    later = MachineProvider(Finder(provider.finder.places))
    (row,) = later.environments(home).environments
    assert (row.key, row.kernels) == (made.key, (kernel,))
    later.remove(row.key)
    assert list((home / "p").iterdir()) == []
    assert kernel.name not in KernelSpecManager().find_kernel_specs()
    with pytest.raises(NotFound):
        provider.packages(made.key)


@pytest.mark.parametrize("uv", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_packages_are_previewed_then_changed(
    home: Path, finder: Finder, bare_venv: MakeVenv, uv: bool
) -> None:
    bare_venv(home / "p/.venv")
    provider = MachineProvider(finder, uv=find_uv if uv else lambda: None)
    key = key_of(provider, home / "p")
    lines: list[str] = []
    provider.change(key, PackageRequest(add=("six==1.15.0", "tabulate==0.9.0")), lines.append)
    assert lines
    assert [(package.name, package.version, package.manager) for package in provider.packages(key)] == [
        ("six", "1.15.0", PackageManager.PIP),
        ("tabulate", "0.9.0", PackageManager.PIP),
    ]
    wished = PackageRequest(add=("iniconfig==2.0.0",), upgrade=("six==1.16.0",), remove=("tabulate",))
    changes = provider.preview(key, wished)
    assert [package.name for package in provider.packages(key)] == ["six", "tabulate"], (
        "a look changes nothing"
    )
    assert [package.name for package in changes.added] == ["iniconfig"]
    assert [package.name for package in changes.removed] == ["tabulate"]
    assert [(change.old, change.new) for change in changes.upgraded] == [("1.15.0", "1.16.0")]
    provider.change(key, wished, lines.append)
    assert [f"{package.name} {package.version}" for package in provider.packages(key)] == [
        "iniconfig 2.0.0",
        "six 1.16.0",
    ]


@pytest.mark.parametrize("text", ["--index-url=http://x", "-r file", "", "a b", "numpy; import os"])
def test_what_names_no_package_reaches_no_program(
    home: Path, provider: MachineProvider, bare_venv: MakeVenv, text: str
) -> None:
    bare_venv(home / "p/.venv")
    key = key_of(provider, home / "p")
    for request in (
        PackageRequest(add=(text,)),
        PackageRequest(upgrade=(text,)),
        PackageRequest(remove=(text,)),
    ):
        with pytest.raises(InvalidRequest, match="is not a package"):
            provider.change(key, request, lambda _: None)


def test_conda_environments_are_changed_by_their_own_tool(
    home: Path, provider: MachineProvider, bare_venv: MakeVenv
) -> None:
    prefix = bare_venv(home / ".conda/envs/geo")
    (prefix / "conda-meta").mkdir()
    record = {"name": "numpy", "version": "2.3.5", "build": "py_0", "channel": "https://x/conda-forge"}
    (prefix / "conda-meta/numpy-2.3.5-py_0.json").write_text(json.dumps(record))
    (prefix / "conda-meta/broken.json").write_bytes(b"\xff")
    info = prefix / "lib/python3.11/site-packages/six-1.16.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\nSummary: Both\n\nName: no\n"
    )
    key = key_of(provider, home)
    assert [(package.name, package.version, package.manager.value) for package in provider.packages(key)] == [
        ("numpy", "2.3.5", "conda"),
        ("six", "1.16.0", "pip"),
    ]
    with pytest.raises(InvalidRequest, match=f"conda install --prefix {prefix}"):
        provider.change(key, PackageRequest(add=("numpy",)), lambda _: None)


def test_what_is_in_use_stays_and_is_named(
    home: Path, provider: MachineProvider, linked_venv: MakeVenv
) -> None:
    path = linked_venv(home / "p/.venv")
    key = key_of(provider, home / "p")
    with subprocess.Popen([path / "bin/python", "-c", "input()"], stdin=subprocess.PIPE) as running:
        with pytest.raises(KernelRunning, match=rf"in use by process {running.pid}; shut"):
            provider.remove(key)
        running.communicate(b"\n")
    provider.remove(key)
    assert not path.exists()


def test_removing_a_link_leaves_what_it_leads_to(
    home: Path, provider: MachineProvider, bare_venv: MakeVenv
) -> None:
    shared = bare_venv(home / "shared/env")
    (home / "p").mkdir()
    (home / "p/.venv").symlink_to(shared)
    provider.remove(key_of(provider, home / "p"))
    assert (shared / "pyvenv.cfg").exists()
    assert not (home / "p/.venv").is_symlink()


def test_conda_itself_is_not_removed(home: Path, provider: MachineProvider, bare_venv: MakeVenv) -> None:
    base = bare_venv(home / "miniforge3")
    (base / "conda-meta").mkdir()
    (base / "condabin").mkdir()
    with pytest.raises(Conflict, match="runs from it"):
        provider.remove(key_of(provider, home))
    assert base.exists()
