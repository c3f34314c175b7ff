"""A run with nbclient can be given up while an environment is downloaded as at any other time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from conda_store_labext.errors import CondaStoreLabError
from tests.headless.forwarder import Forwarder
from tests.kernels.conftest import Sync
from tests.kernels.test_provisioner import until
from tests.stores import RunningStore

ROUNDS = 5


async def seconds_to_give_up(kernel: str, mark: Path, begun: Callable[[], bool]) -> float:
    """Run a notebook without end, give it up once it has begun, and return how long that took."""
    cell = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
        f"import time; open({str(mark)!r}, 'w').close(); time.sleep(3600)"
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    running = asyncio.ensure_future(NotebookClient(notebook, kernel_name=kernel).async_execute())
    await until(lambda: begun() or running.done())
    assert not running.done(), running.exception()
    began = time.monotonic()
    running.cancel()
    with suppress(asyncio.CancelledError, DeadKernelError, CondaStoreLabError):
        await running
    return time.monotonic() - began


async def test_a_run_that_is_given_up_ends_the_download(
    data_dir: Path, tmp_path: Path, store: RunningStore, monkeypatch: pytest.MonkeyPatch, sync: Sync
) -> None:
    staging = data_dir / "conda-store/v1/s"
    measured = []
    with Forwarder(store.url) as network:
        network.rate = 200_000
        monkeypatch.setenv("CONDA_STORE_URL", network.url)
        kernel = sync(server=network.url).name
        for attempt in range(ROUNDS):
            mark = tmp_path / str(attempt)
            bare = await seconds_to_give_up("python3", mark, mark.exists)
            before = network.brought

            def begun(before: int = before) -> bool:
                return network.brought > before + 100_000

            ours = await seconds_to_give_up(kernel, tmp_path / "never", begun)
            await until(lambda: not list(staging.iterdir()))
            measured.append((ours, bare))
            if ours < 1 + 2 * bare:
                break
        else:
            pytest.fail(f"seconds, with the download and with a kernel that is there: {measured}")
    assert list((data_dir / "conda-store/v1/e").iterdir()) == []
    assert not (tmp_path / "never").exists()
