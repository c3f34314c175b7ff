"""`additions`: what was installed beside an environment is listed, kept, promoted and discarded."""

from __future__ import annotations

import json
from pathlib import Path

from conda_store_labext.copies.additions import Additions
from conda_store_labext.store.overlays import Overlays
from conda_store_labext.store.store import EnvironmentStore
from tests.cli.running import CommandLine
from tests.stores import RunningStore
from tests.wheels import make_wheel


def added(command_line: CommandLine, key: str, wheels: Path) -> None:
    """Have a wheel installed beside a copy, as a notebook does."""
    data = Path(command_line.environ["JUPYTER_DATA_DIR"])
    wheel = make_wheel(wheels, "gamma", "0.1")
    additions = Additions(EnvironmentStore(data / "conda-store"), Overlays(data / "conda-store-additions"))
    lines: list[str] = []
    additions.install(key, [f"gamma @ {wheel.as_uri()}"], lines.append, lambda: None)


def test_what_was_added_is_listed_kept_promoted_and_discarded(
    command_line: CommandLine, store: RunningStore, tmp_path: Path
) -> None:
    pulled = command_line.json("pull", "default/minimal")
    assert command_line.json("additions", "list") == []
    nothing = command_line("additions", "discard", "default/minimal", "--yes")
    assert nothing.returncode == 5
    assert "Nothing was added to default/minimal" in nothing.stderr

    added(command_line, pulled["key"], tmp_path / "wheels")
    (listed,) = command_line.json("additions", "list", "default/minimal")
    (gamma,) = listed["additions"]
    assert (gamma["name"], gamma["version"], gamma["requested"]) == ("gamma", "0.1", True)
    shown = command_line("additions", "list").stdout
    assert f"default/minimal #{store.builds['minimal']}" in shown
    assert "asked for" in shown

    # a file of this machine is nothing that the server could install
    dry = command_line("additions", "promote", "default/minimal", "--dry-run", "--json")
    assert json.loads(dry.stdout)["left_out"] == ["gamma"]
    refused = command_line("additions", "promote", "default/minimal", "--yes")
    assert (refused.returncode, "gamma: installed from files of this machine" in refused.stderr) == (2, True)

    kept = command_line.json("additions", "keep", "default/minimal", str(tmp_path))
    assert kept["kept_for"] == str(tmp_path)
    assert command_line("prune", "--keep-size", "0").returncode == 0
    assert command_line.json("additions", "list")[0]["additions"] == listed["additions"]
    assert command_line.json("additions", "keep", "default/minimal", "--no-longer")["kept_for"] is None
    asked = command_line("additions", "discard", "default/minimal")
    assert (asked.returncode, "give --yes" in asked.stderr) == (2, True)
    assert command_line("additions", "discard", "default/minimal", "--yes").returncode == 0
    assert command_line.json("additions", "list") == []
