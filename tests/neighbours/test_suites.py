"""The own tests of Jupyter's libraries pass on our kernels, kernelspec manager and server extension."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.neighbours.conftest import FOLDER, User

# jupyter_client's tests of what our manager does, none of which needs a kernel that takes long to end
CLIENT = (
    *("test_kernelspec.py", "test_kernelspecapp.py", "test_transport_security.py", "test_provisioning.py"),
)
SERVER = ("services/kernelspecs",)


def source(name: str, folder: Path) -> Path:
    """Unpack the source of a library, which has its tests, and return its folder."""
    archive = sorted(Path(FOLDER, "sources").glob(f"{name}-*.tar.gz"))[-1]
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return unpacked


def failures(python: Path | str, folder: Path, environ: Mapping[str, str], *arguments: str) -> set[str]:
    """Run tests with pytest, and return the names of those that failed."""
    done = subprocess.run(
        [
            str(python),
            "-m",
            "pytest",
            "-q",
            "-rf",
            "--no-header",
            "--color=no",
            "-p",
            "no:cacheprovider",
            *arguments,
        ],
        cwd=folder,
        env={**environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )
    assert done.returncode in (0, 1), done.stdout[-8000:] + done.stderr
    assert " passed" in done.stdout.splitlines()[-1], done.stdout[-8000:]
    return set(re.findall(r"(?m)^FAILED (\S+)", done.stdout))


def holds(python: Path | str, folder: Path, environ: Mapping[str, str], plugin: str, *arguments: str) -> None:
    """See that with one of our plugins no test fails but those that fail without it."""
    failed = failures(python, folder, environ, "-p", plugin, *arguments)
    if failed:
        alone = failures(python, folder, environ, *arguments)
        assert failed <= alone, sorted(failed - alone)


@pytest.fixture(autouse=True)
def installed() -> None:
    """Skip where nothing was installed for these."""
    if not FOLDER:
        pytest.skip("`make neighbours` runs these")


def test_jupyter_clients_own_tests_pass_with_our_manager(tmp_path: Path) -> None:
    folder = source("jupyter_client", tmp_path)
    holds(sys.executable, folder, os.environ, "everywhere", *(f"tests/{name}" for name in CLIENT))


def test_jupyter_servers_own_tests_pass_beside_our_extension(tmp_path: Path) -> None:
    places = (f"tests/{name}" for name in SERVER)
    folder = source("jupyter_server", tmp_path)
    holds(sys.executable, folder, os.environ, "beside", *places)


def test_jupyters_tests_of_a_kernel_pass_on_ours(user_of: Callable[[str], User]) -> None:
    user = user_of("all")
    user.run("conda_store_labext.cli", "kernels", "sync", "--namespace", "default")
    folders = (Path(user.environ["JUPYTER_DATA_DIR"]) / "kernels").iterdir()
    (name,) = (folder.name for folder in folders if "-default-minimal-" in folder.name)
    # with the packages of the neighbour alone, which our own settings of pytest need more than
    suite = ("--noconftest", "-c", os.devnull, str(Path(__file__).with_name("kernel_suite.py")))
    ours, bare = (
        failures(user.python, user.folder, {**user.environ, "KERNEL": name}, *suite)
        for name in (name, "python3")
    )
    assert ours <= bare
