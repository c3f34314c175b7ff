"""Switching old names on and off: what counts is what Jupyter merges, and nobody's settings are lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.on_demand.install import disable, enable, main
from conda_store_labext.on_demand.managers import CondaStoreKernelSpecManager
from conda_store_labext.on_demand.settings import SERVER, SERVER_MANAGER, SETTINGS, effective_value
from tests.stores import PATIENCE

THEIRS = f"{__name__}.Others"


class Others(KernelSpecManager):
    """A manager that another extension brings."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Know one kernel only."""
        return {"theirs": "/nowhere"}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder for Jupyter's configuration, and one of more weight and one of less."""
    monkeypatch.delenv("JUPYTER_NO_CONFIG", raising=False)
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "user"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "more"))
    monkeypatch.setattr("jupyter_core.paths.ENV_CONFIG_PATH", [str(tmp_path / "less")])
    for name in ("user", "more", "less"):
        (tmp_path / name).mkdir()
    return tmp_path / "user"


def write(folder: Path, name: str, **settings: object) -> Path:
    (folder / name).write_text(json.dumps(settings))
    return folder / name


def test_switching_on_and_off_touches_its_own_keys_only(config: Path) -> None:
    theirs = {"ServerApp": {"port": 1, "kernel_spec_manager_class": THEIRS}, "Other": {"a": [1]}}
    file = write(config, "jupyter_server_config.json", **theirs)
    for _ in range(2):
        enable(config)
        content = json.loads(file.read_text())
        assert content["ServerApp"] == {"port": 1, "kernel_spec_manager_class": SERVER_MANAGER}
        assert content["CondaStoreKernelSpecManager"] == {"others_class": THEIRS}
        assert all(effective_value(setting).on for setting in SETTINGS)
    for _ in range(2):
        disable(config)
        assert json.loads(file.read_text()) == theirs
        assert not any(effective_value(setting).on for setting in SETTINGS)
    assert [path.name for path in config.iterdir()] == [file.name], "no file stays that was not there before"


@pytest.mark.parametrize("folder", ["user", "less", "more"])
@pytest.mark.parametrize("file", ["jupyter_config", "jupyter_server_config"])
def test_another_manager_in_whatever_file_goes_on_to_know_its_kernels(
    config: Path, folder: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    their_file = write(
        config.parent / folder, f"{file}.json", ServerApp={"kernel_spec_manager_class": THEIRS}
    )
    before = json.loads(their_file.read_text())
    enable(config)
    overruled = (folder, file) == ("more", "jupyter_server_config")
    assert effective_value(SERVER).on is not overruled
    monkeypatch.setattr("conda_store_labext.on_demand.managers._is_of_a_server", lambda _: True)
    content = json.loads((config / "jupyter_server_config.json").read_text())
    made = CondaStoreKernelSpecManager(**content.get("CondaStoreKernelSpecManager", {}))
    assert made.find_kernel_specs() == {"theirs": "/nowhere"}
    disable(config)
    assert json.loads(their_file.read_text()) == before


def test_what_moves_from_notebook_to_server_is_met(config: Path) -> None:
    less = config.parent / "less"
    names = {"kernel_spec_manager_class": THEIRS}
    theirs = write(less, "jupyter_config.json", NotebookApp=names, ServerApp=names)
    enable(config)
    assert effective_value(SERVER).on
    content = json.loads((config / "jupyter_server_config.json").read_text())
    assert content["NotebookApp"] == {"kernel_spec_manager_class": SERVER_MANAGER}
    disable(config)
    assert effective_value(SERVER).value == THEIRS
    assert json.loads(theirs.read_text()) == {"NotebookApp": names, "ServerApp": names}
    assert list(config.iterdir()) == []


def test_the_file_that_overrules_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(
        config.parent / "more",
        "jupyter_server_config.json",
        ServerApp={"kernel_spec_manager_class": THEIRS},
    )
    assert main(["--enable"]) == 1
    printed = capsys.readouterr()
    assert f"{file} sets ServerApp's to {THEIRS}" in printed.out
    assert f"{file} takes precedence over {config}" in printed.err
    assert [line[:3] for line in printed.out.splitlines()] == ["off", "on ", "on ", "on "]
    file.unlink()
    assert main([]) == 0
    assert [line[:3] for line in capsys.readouterr().out.splitlines()] == ["on "] * len(SETTINGS)


def test_a_script_that_sets_a_manager_counts(config: Path) -> None:
    script = config / "jupyter_server_config.py"
    script.write_text(f"c.ServerApp.kernel_spec_manager_class = {THEIRS!r}\n")
    (config.parent / "less" / "jupyter_config.py").write_text("raise SystemError('odd')\n")
    enable(config)
    content = json.loads((config / "jupyter_server_config.json").read_text())
    assert content["CondaStoreKernelSpecManager"] == {"others_class": THEIRS}
    assert effective_value(SERVER).on
    disable(config)
    assert effective_value(SERVER).file == script
    assert [path.name for path in config.iterdir()] == [script.name]


def test_what_is_not_understood_is_left_alone(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(config, "jupyter_config.json", NotebookClient={"kernel_manager_class": "theirs"})
    with pytest.raises(InvalidRequest, match="remove that first"):
        enable(config)
    file.write_text("{")
    assert main(["--enable"]) == 1
    assert "correct or remove it" in capsys.readouterr().err
    assert file.read_text() == "{"
    assert [path.name for path in config.iterdir()] == ["jupyter_config.json"]


def test_a_manager_that_was_uninstalled_stops_no_server(caplog: pytest.LogCaptureFixture) -> None:
    made = CondaStoreKernelSpecManager(others_class="gone.away.Manager")
    assert isinstance(made.find_kernel_specs(), dict)
    assert "gone.away.Manager cannot be used any more" in caplog.text


def test_whoever_stops_reading_gets_no_traceback(config: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "conda_store_labext.on_demand.install"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == ""
    process.wait(PATIENCE)
