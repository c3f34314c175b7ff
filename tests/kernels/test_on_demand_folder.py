"""The user's kernelspec folder in odd states: one kernel hides no other, and what cannot be is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_async_kernel

from conda_store_labext.errors import CacheNotWritable, CondaStoreLabError
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from tests.kernels.conftest import Sync
from tests.kernels.test_provisioner import answer_of, stopped
from tests.stores import PATIENCE


def kernel(environment: str, language: str = "python") -> OnDemandKernel:
    return OnDemandKernel(KernelIdentity("http://a", "default", environment, 1), environment, language, 1)


def test_a_kernel_that_cannot_be_written_hides_no_other_and_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    specs = OnDemandKernels(tmp_path)
    odd, fit = kernel("odd"), kernel("fit")
    (tmp_path / odd.name).write_text("a file where a folder should be")
    assert specs.write([odd, fit]) == (fit.name,)
    assert specs.list() == (fit,)
    assert f"{tmp_path / odd.name} cannot be written" in caplog.text


def test_a_folder_that_cannot_be_written_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheNotWritable, match=r"file/kernels \(.*JUPYTER_DATA_DIR"):
        OnDemandKernels(tmp_path / "file" / "kernels").write([kernel("data")])


def test_launchers_find_the_keys_and_the_encryption_that_they_ask_for(tmp_path: Path) -> None:
    for language, encryption in ("python", ["curve"]), ("R", None):
        OnDemandKernels(tmp_path).write([kernel("data", language)])
        (name,) = (written.name for written in OnDemandKernels(tmp_path).list())
        manager = KernelSpecManager(kernel_dirs=[str(tmp_path)])
        metadata = manager.get_kernel_spec(name).metadata
        assert metadata["conda_env_name"] == "default/data"
        assert metadata["conda_language"].lower() == language.lower()
        assert metadata.get("supported_encryption") == encryption


async def test_a_folder_with_accents_is_none_the_worse_and_one_with_spaces_says_so(
    tmp_path: Path, data_dir: Path, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "données"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    manager, client = await start_new_async_kernel(kernel_name=sync().name, startup_timeout=PATIENCE)
    try:
        prefix, *_ = await answer_of(client)
        assert Path(str(prefix)).is_relative_to(folder)
    finally:
        await stopped(manager, client)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "mes données"))
    with pytest.raises(CondaStoreLabError, match=r"mes données.*has a space.*CONDA_STORE_LABEXT_FOLDER"):
        await start_new_async_kernel(kernel_name=sync().name, startup_timeout=PATIENCE)
