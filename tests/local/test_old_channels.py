"""Local channels that `prune --channels` takes."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from conda_store_labext.cli import main
from conda_store_labext.errors import Conflict
from conda_store_labext.local import LocalServer, LocalSettings
from conda_store_labext.local.channel_choice import local_key
from conda_store_labext.local.old_channels import old_channels, remove_old_channels


def test_only_channels_for_something_else_go_and_only_while_nothing_runs(tmp_path: Path) -> None:
    store = LocalServer(tmp_path, LocalSettings(channel="local"))
    store.paths.prepare()
    current = local_key(store.settings.packages)
    for key in (current, "old"):
        for folder in (store.paths.channels / key, store.paths.packages / key):
            folder.mkdir(parents=True)
        (store.paths.channels / key / "made.json").write_text("{}")
    (store.paths.channels / ".old.123").mkdir()  # in the making
    (store.paths.packages / "of-conda-forge").mkdir()

    old = old_channels(store)
    assert old == (store.paths.channels / "old", store.paths.packages / "old")
    with store.paths.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="local stop"):
            remove_old_channels(store, old)
    remove_old_channels(store, old)
    left = [path.name for part in (store.paths.channels, store.paths.packages) for path in part.iterdir()]
    assert sorted(left) == sorted([".old.123", "of-conda-forge", current, current])
    assert old_channels(store) == ()


@pytest.mark.parametrize("options", [("--keep-size", "nonsense"), ("--unused-for", "ages")])
def test_nothing_goes_before_every_option_was_understood(
    options: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    store = LocalServer()
    store.paths.prepare()
    old = store.paths.channels / "old"
    old.mkdir(parents=True)
    (old / "made.json").write_text("{}")
    assert main(["prune", "--channels", *options]) != 0
    assert old.is_dir()
    assert main(["prune", "--channels"]) == 0
    assert not old.exists()
