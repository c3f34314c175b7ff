"""Options of the server extension: limits, shared folders, folders used in place, and links."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from conda_store_labext.extension.app import CondaStoreApp
from conda_store_labext.local import LocalServer

VARIABLES = {
    "CONDA_STORE_LABEXT_SHARED": "/shared/one:/shared/two",
    "CONDA_STORE_LABEXT_SIZE_LIMIT": "20GB",
    "CONDA_STORE_LABEXT_IN_PLACE": "/opt/conda-store=/mnt/store",
    "CONDA_STORE_LABEXT_LINK": "0",
}


def test_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    settings = CondaStoreApp().copy_settings()
    assert (settings.shared, settings.size_limit, settings.in_place, settings.link_files) == (
        (),
        None,
        {},
        True,
    )


def test_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    settings = CondaStoreApp().copy_settings()
    assert settings.shared == (Path("/shared/one"), Path("/shared/two"))
    assert settings.size_limit == 20_000_000_000
    assert settings.in_place == {"/opt/conda-store": "/mnt/store"}
    assert not settings.link_files


def test_the_local_stores_own_folder() -> None:
    own = str(LocalServer().paths.environments)
    app = CondaStoreApp(local_store_in_place=True, in_place={"/a": "/b"})
    assert app.copy_settings().in_place == {"/a": "/b", own: own}


def test_a_limit_that_is_no_size_is_named_and_left_out(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = CondaStoreApp(size_limit="much")
    monkeypatch.setattr(app, "log", logging.getLogger("test"))
    assert app.copy_settings().size_limit is None
    assert "is not a valid size" in caplog.text
    assert CondaStoreApp(size_limit="").copy_settings().size_limit is None
