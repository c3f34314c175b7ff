"""The command line reads the options of the Jupyter server where that has them: in Jupyter's files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import CommandLine
from tests.stores import RunningStore


@pytest.fixture
def config(command_line: CommandLine) -> Path:
    """The user's configuration folder."""
    folder = Path(command_line.environ["JUPYTER_CONFIG_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_what_a_file_sets_comes_before_the_variables(
    command_line: CommandLine, config: Path, store: RunningStore, tmp_path: Path
) -> None:
    (config / "jupyter_server_config.py").write_text(
        f"c.CondaStoreApp.url = {store.url!r}\nc.CondaStoreApp.folder = {str(tmp_path / 'copies')!r}\n"
        "c.ServerApp.port = 1\nc.CondaStoreApp.repository_hosts.append('example.org')\n"
    )
    (config / "jupyter_server_config.json").write_text(
        json.dumps({"CondaStoreApp": {"repository_hosts": ["example.org"]}})
    )
    pulled = command_line.json("pull", "default/minimal", CONDA_STORE_URL="http://127.0.0.1:9/nowhere")
    assert pulled["prefix"].startswith(str(tmp_path / "copies"))
    refused = command_line("open", "https://host.org/o/r", "--look", CONDA_STORE_LABEXT_HOSTS="host.org")
    assert refused.returncode == 4
    assert "allowed are those of example.org" in refused.stderr


def test_a_value_that_an_option_cannot_have_is_one_sentence(command_line: CommandLine, config: Path) -> None:
    file = config / "jupyter_server_config.json"
    for name, value in (("concurrency", "many"), ("way", "by air"), ("size_limit", "large")):
        file.write_text(json.dumps({"CondaStoreApp": {name: value}}))
        refused = command_line("list", "--here")
        assert refused.returncode == 2, refused.stderr
        assert "Traceback" not in refused.stderr
    file.write_text("{")
    assert command_line("list", "--here").returncode == 0, "what Jupyter leaves out is left out here, too"
