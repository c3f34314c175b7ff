"""`additions promote` to its end: a real build that has what was added, which is added no more."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conda_store_labext.copies.additions import Additions
from conda_store_labext.store.overlays import Overlays
from conda_store_labext.store.store import EnvironmentStore
from tests.cli.running import PROGRAM, CommandLine
from tests.stores import BUILD_SECONDS, RunningStore
from tests.wheels import make_wheel, offline


def test_what_was_added_is_built_and_added_no_more(
    command_line: CommandLine, store: RunningStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, before = store.client(), store.builds["minimal"]
    key = command_line.json("pull", "default/minimal")["key"]
    # a name that the store's channel has, in an earlier version
    make_wheel(tmp_path / "wheels", "tornado", "1.0")
    for name, value in offline(tmp_path / "wheels").items():
        monkeypatch.setenv(name, value)
    data = Path(command_line.environ["JUPYTER_DATA_DIR"])
    additions = Additions(EnvironmentStore(data / "conda-store"), Overlays(data / "conda-store-additions"))
    lines: list[str] = []
    additions.install(key, ["tornado==1.0"], lines.append, lambda: None, hide=True)
    assert [added.name for added in additions.get(key).additions] == ["tornado"], lines
    try:
        # it waits for the build, for longer than commands of the tests usually may
        done = subprocess.run(
            [*PROGRAM, "additions", "promote", "default/minimal", "--yes"],
            env=command_line.environ,
            capture_output=True,
            text=True,
            timeout=2 * BUILD_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "tornado >=1.0" in done.stderr
        active = client.environment("default", "minimal").current_build_id
        assert active not in (None, before)
        assert done.stdout == f"default/minimal is on build {active}, with what was added\n"
        assert command_line.json("additions", "list") == []
        code = "import tornado; print(tornado.version_info[0] > 1)"
        assert command_line("run", "default/minimal", "--", "python", "-c", code).stdout == "True\n"
    finally:
        client.update_environment("default", "minimal", build_id=before)
