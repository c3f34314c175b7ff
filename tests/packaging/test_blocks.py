"""Every block of commands in the README and the guide to using it, run as printed in a new environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests

from conda_store_labext.local import LocalServer
from conda_store_labext.local.availability import why_unavailable
from conda_store_labext.models import LocalStoreState
from tests.docs.blocks import ROOT, Block, blocks
from tests.packaging.building import add_programs, make_environment, unpack
from tests.stores import PATIENCE, processes_of, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

README = blocks("README.md")
USE = [block for block in blocks("docs/use.md") if block.runs]
REPOSITORY = "https://github.com/conda-store-labext/conda-store-labext.git"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "source": "import pandas",
            "outputs": [],
            "execution_count": None,
        }
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
START_SECONDS = 1500.0
ENDED_SECONDS = 300.0


def the(how: str, among: list[Block]) -> Block:
    """Return the one block that is run in that way."""
    (block,) = [block for block in among if block.how.startswith(how)]
    return block


@dataclass(frozen=True)
class User:
    """Somebody new: an environment with no trace of this package, own folders, the sources unpacked."""

    source: Path
    work: Path
    variables: dict[str, str]

    def start(self, block: Block, folder: Path, output: Path) -> subprocess.Popen[bytes]:
        """Start a block as a shell's job."""
        with output.open("wb") as file:
            return subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", block.text],
                cwd=folder,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@pytest.fixture(scope="module")
def user(sdist: Path, channels: Path, tmp_path_factory: pytest.TempPathFactory) -> User:
    """Give a user with a new environment, who has unpacked the sources."""
    home = tmp_path_factory.mktemp("user")
    unpack(sdist, home / "source")
    interpreter = make_environment(home / "venv")
    add_programs(interpreter)
    work = home / "work"
    work.mkdir()
    (work / "script.py").write_text("import pandas; print(pandas.__version__)\n")
    (work / "environment.yml").write_text("name: some\nchannels: [conda-forge]\ndependencies: [python]\n")
    (work / "report.ipynb").write_text(json.dumps(NOTEBOOK))
    config = home / "config"
    config.mkdir()
    # a container's user is root as a rule
    (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"allow_root": True}}))
    ours = ("CONDA_STORE", "JUPYTER", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = [part for part in os.environ["PATH"].split(":") if not (Path(part) / "jupyter").exists()]
    variables = {
        **kept,
        "PATH": ":".join([str(interpreter.parent), *path]),
        "BROWSER": "true",
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "CONDA_STORE_LOCAL_CHANNEL": "local",
        "CONDA_STORE_LOCAL_CHANNELS": str(channels),
    }
    return User(home / "source", work, variables)


@pytest.fixture(scope="module")
def demo(user: User) -> Iterator[Path]:
    """Install the package and run the demo, as the README prints it, until the module's tests are over."""
    if missing := why_unavailable():
        pytest.skip(missing)
    output, local = user.work / "demo.txt", local_store(user)
    elsewhere = {"CONDA_STORE_URL": "http://127.0.0.1:9/of-somebody-else"}
    someone = replace(user, variables={**user.variables, **elsewhere})
    process = someone.start(the("demo", README), user.source, output)
    try:
        wait_until(lambda: process.poll() is not None or "JupyterLab: " in output.read_text(), START_SECONDS)
        assert process.poll() is None, output.read_text()
        yield output
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(ENDED_SECONDS) == 0, output.read_text()
        assert "Traceback" not in output.read_text()
        assert local.status().state is LocalStoreState.STOPPED
        assert processes_of(local.paths.root) == []
        with pytest.raises(requests.ConnectionError):
            requests.get(lab_of(output)[0], timeout=5)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def local_store(user: User) -> LocalServer:
    """Return the local store that a user's demo starts."""
    return LocalServer(Path(user.variables["JUPYTER_DATA_DIR"]) / "conda-store" / "local")


def lab_of(output: Path) -> tuple[str, str]:
    """Return the address and the token of JupyterLab that the demo printed."""
    match = re.search(r"JupyterLab: (http://\S+)/lab\?token=(\w+)", output.read_text())
    assert match
    return match[1], match[2]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a clone can be cloned")
def test_the_first_block_clones_and_names_targets_that_exist(user: User, tmp_path: Path) -> None:
    block = the("dry", README)
    lead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{ROOT}.insteadOf",
        "GIT_CONFIG_VALUE_0": REPOSITORY,
    }
    someone = User(user.source, tmp_path, {**user.variables, **lead, "MAKEFLAGS": "n"})
    process = someone.start(block, tmp_path, tmp_path / "output.txt")
    assert process.wait(START_SECONDS) == 0, (tmp_path / "output.txt").read_text()
    assert (tmp_path / "conda-store-labext" / "README.md").exists()
    assert "jupyter conda-store demo" in (tmp_path / "output.txt").read_text()


def test_the_demo_is_installed_and_started_as_printed(demo: Path) -> None:
    for name in ("python-minimal", "data-science"):
        assert f"default/{name}: ready" in demo.read_text()


def test_jupyterlab_of_the_demo_is_on_the_folder_and_connected(demo: Path, user: User) -> None:
    address, token = lab_of(demo)
    header = {"Authorization": f"token {token}"}

    def ask(path: str) -> requests.Response:
        return requests.get(f"{address}/{path}", headers=header, timeout=PATIENCE)

    assert '"condaStoreOpenPanel": "true"' in ask("lab").text
    notifications = ask("lab/api/settings/@jupyterlab/apputils-extension:notification").json()
    default = notifications["schema"]["properties"]["fetchNews"]["default"]
    assert default == "false", "JupyterLab asks nothing about its news"
    status = ask("conda-store/status").json()
    assert status["authenticated"] is True
    assert status["url"] == local_store(user).status().url
    rows = ask("conda-store/environments").json()["environments"]
    launchable = {row["name"]: row["launchable"] for row in rows}
    assert launchable == {"data-science": True, "python-minimal": True}
    shown = {file["name"] for file in ask("api/contents").json()["content"]}
    assert {"README.md", "pyproject.toml"} <= shown


@pytest.mark.parametrize("block", USE, ids=[block.text.split()[0] for block in USE])
def test_the_commands_of_the_guide_run_while_the_demo_does(block: Block, user: User, demo: Path) -> None:
    if "jq" in block.text and not shutil.which("jq"):
        pytest.skip("jq is not installed")
    output = user.work / "block.txt"
    process = user.start(block, user.work, output)
    assert process.wait(START_SECONDS) == 0, output.read_text()


def test_jupyterlab_starts_with_a_server_of_ones_own(user: User, demo: Path) -> None:
    output, runtime = user.work / "lab.txt", Path(user.variables["JUPYTER_RUNTIME_DIR"])
    before = set(runtime.glob("jpserver-*.json"))
    process = user.start(the("until JupyterLab answers", README), user.source, output)
    try:
        wait_until(lambda: process.poll() is not None or bool(servers(runtime) - before), START_SECONDS)
        assert process.poll() is None, output.read_text()
        server = json.loads((servers(runtime) - before).pop().read_text())
        address, token = f"{server['url']}conda-store/status", server["token"]
        wait_until(lambda: answers(server["url"]))  # the file comes before the open port
        status = requests.get(address, headers={"Authorization": f"token {token}"}, timeout=PATIENCE)
        assert status.json()["url"] == "https://hub.example.org/conda-store"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(ENDED_SECONDS)


def answers(address: str) -> bool:
    """Return whether somebody listens at an address."""
    try:
        return bool(requests.get(f"{address}api", timeout=PATIENCE).status_code)
    except requests.ConnectionError:
        return False


def servers(runtime: Path) -> set[Path]:
    """Return the files of the Jupyter servers that run, complete ones only."""
    return {path for path in runtime.glob("jpserver-*.json") if path.read_bytes().endswith(b"}")}
