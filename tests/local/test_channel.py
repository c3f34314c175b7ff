"""The local channel as it was made for the session's store: complete, honest, and good for a kernel."""

from __future__ import annotations

import bz2
import hashlib
import json
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from conda_store_labext.errors import LocalStoreError
from conda_store_labext.local.channel.server import serve
from conda_store_labext.local.channel_choice import ChosenChannel, choose, local_key
from conda_store_labext.local.settings import LocalSettings
from conda_store_labext.store.files import write_private_json
from conda_store_labext.store.lock import FileLock
from tests.stores import PATIENCE, RunningStore

SILENT_PYTHON = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def channel(store: RunningStore, channels: Path) -> Path:
    """The channel's folder."""
    (made,) = (folder for folder in channels.iterdir() if not folder.name.startswith("."))
    return made / "conda-forge"


@pytest.fixture(scope="module")
def records(channel: Path) -> dict[str, dict[str, Any]]:
    """The channel's packages by their files' paths."""
    return {
        f"{path.parent.name}/{name}": record
        for path in channel.glob("*/repodata.json")
        for name, record in json.loads(path.read_bytes())["packages.conda"].items()
    }


@pytest.fixture(scope="module")
def prefix(store: RunningStore) -> Path:
    """The folder that the session's minimal environment was built in."""
    (built,) = (store.local.paths.environments / "default").glob(f"*-{store.builds['minimal']}-minimal")
    return built


def test_the_index_tells_the_truth(channel: Path, records: dict[str, dict[str, Any]]) -> None:
    assert {"python", "ipykernel", "numpy", "pandas", "pip"} <= {entry["name"] for entry in records.values()}
    for path, record in records.items():
        data = (channel / path).read_bytes()
        assert record["size"] == len(data)
        assert record["md5"] == hashlib.md5(data).hexdigest()
        assert record["sha256"] == hashlib.sha256(data).hexdigest()
    files = {path.relative_to(channel).as_posix() for path in channel.rglob("*.conda")}
    assert files == set(records)
    for index in channel.glob("*/repodata.json"):
        assert bz2.decompress(index.with_name("repodata.json.bz2").read_bytes()) == index.read_bytes()


def test_all_that_packages_need_is_there(records: dict[str, dict[str, Any]]) -> None:
    names = {record["name"] for record in records.values()}
    needed = {requirement.split(" ")[0] for record in records.values() for requirement in record["depends"]}
    assert needed <= names


def test_an_environment_made_from_it_runs_a_kernel(prefix: Path) -> None:
    spec = json.loads((prefix / "share/jupyter/kernels/python3/kernel.json").read_bytes())
    assert spec["argv"][0] == f"{prefix}/bin/python"
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=spec["argv"], display_name="", language="python")
    manager.start_kernel()
    client = manager.client()
    printed: list[str] = []
    try:
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        client.execute_interactive(
            "import sys, ssl, sqlite3, ctypes; print(sys.prefix)",
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
            timeout=PATIENCE,
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(printed).strip() == str(prefix)


def test_its_modules_are_compiled_and_not_stale(prefix: Path) -> None:
    run = subprocess.run(
        [str(prefix / "bin/python"), "-v", "-c", "import ipykernel.kernelapp, asyncio, json"],
        capture_output=True,
        text=True,
        check=True,
        env=SILENT_PYTHON,
    )
    lines = run.stderr.splitlines()
    from_source = [line for line in lines if line.startswith("# code object from") and ".py'" in line.lower()]
    assert [line for line in from_source if "__pycache__" not in line and "_sysconfigdata" not in line] == []
    assert sum(" matches " in line for line in lines) > 300


def test_the_interpreter_brings_its_own_library(prefix: Path) -> None:
    loaded = subprocess.run(
        ["ldd", str(prefix / "bin/python")], capture_output=True, text=True, check=False, env=SILENT_PYTHON
    )
    ours = [line for line in loaded.stdout.splitlines() if "libpython" in line]
    assert all(str(prefix) in line for line in ours)
    code = "import sysconfig; print(sysconfig.get_config_var('prefix'), sysconfig.get_path('stdlib'))"
    python = str(prefix / "bin/python")
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, env=SILENT_PYTHON)
    assert run.stdout.split()[0] == str(prefix)
    assert run.stdout.split()[1].startswith(str(prefix))


def test_what_pip_cannot_fetch_is_said_in_its_words(tmp_path: Path) -> None:
    settings = LocalSettings(channel="local", packages=("no-such-package-at-all-9d2f",))
    with pytest.raises(LocalStoreError, match="no-such-package-at-all-9d2f") as caught:
        choose(settings, tmp_path, lambda step, progress: None, lambda text: None)
    assert "\n" not in caught.value.message
    assert [file.suffix for file in tmp_path.iterdir()] == [".lock"], "nothing half-made stays"


def test_two_stores_make_a_channel_once(tmp_path: Path) -> None:
    settings = LocalSettings(channel="local", packages=("no-such-package-at-all-9d2f",))
    folder = tmp_path / local_key(settings.packages)
    waiting = threading.Event()
    with FileLock(tmp_path / f".{folder.name}.lock") as making, ThreadPoolExecutor() as pool:
        chosen = pool.submit(choose, settings, tmp_path, lambda step, progress: waiting.set(), print)
        assert waiting.wait(PATIENCE)
        folder.mkdir()
        write_private_json(folder / "made.json", {"packages": 7})
        making.release()
        assert chosen.result(PATIENCE).folder == folder
    assert "a local channel of 7 packages" in chosen.result().sentence


def test_a_channel_is_made_once(store: RunningStore, channels: Path) -> None:
    steps: list[str] = []

    def progress(step: str, done: float | None) -> None:
        steps.append(step)

    chosen = choose(store.local.settings, channels, progress, steps.append)
    assert isinstance(chosen, ChosenChannel)
    assert (chosen.kind, steps) == ("local", [])
    assert "local channel of" in chosen.sentence


def test_a_mirror_is_taken_as_it_is(tmp_path: Path) -> None:
    settings = LocalSettings(channel="https://mirror.example/conda/")
    chosen = choose(settings, tmp_path, lambda step, progress: None, lambda text: None)
    assert (chosen.kind, chosen.alias) == ("conda-forge", "https://mirror.example/conda")
    assert "from https://mirror.example/conda" in chosen.sentence


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a folder with one file of ten bytes."""
    (tmp_path / "channel" / "noarch").mkdir(parents=True)
    (tmp_path / "channel" / "noarch" / "file.conda").write_bytes(b"0123456789")
    (tmp_path / "secret").write_text("outside")
    server = serve(tmp_path / "channel", 0)
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("asked", "status", "content", "content_range"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-30", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=5-100", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_parts_of_files(
    served: str, asked: str | None, status: int, content: bytes, content_range: str | None
) -> None:
    headers = {"Range": asked} if asked else {}
    answer = requests.get(f"{served}/noarch/file.conda", headers=headers, timeout=PATIENCE)
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("Content-Range") == content_range
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("path", ["/none", "/noarch/", "/", "/noarch/none.conda", "/%2e%2e/secret"])
def test_what_is_missing_is_404(served: str, path: str) -> None:
    assert requests.get(served + path, headers={"Range": "bytes=0-1"}, timeout=PATIENCE).status_code == 404
    assert requests.head(served + path, timeout=PATIENCE).status_code == 404
