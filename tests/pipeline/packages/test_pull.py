"""`jupyter conda-store pull FILE`, with no conda-store at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from conda_store_labext.models.platform import this_platform
from tests.cli.running import CommandLine
from tests.pipeline.archives import pack
from tests.pipeline.packages.conftest import Channel
from tests.pipeline.packages.making import PLACEHOLDER, Made
from tests.stores import PATIENCE, RunningStore

KERNEL = {"argv": ["sh", "-c", "true"], "display_name": "Shell", "language": "sh"}
SHELL = Made(
    "shell-kernel",
    files={
        "share/jupyter/kernels/shell/kernel.json": json.dumps(KERNEL).encode(),
        "bin/root": b"#!/bin/sh\necho " + PLACEHOLDER.encode() + b"\n",
    },
)


@pytest.fixture
def alone(tmp_path: Path) -> CommandLine:
    """The program with folders of its own and no conda-store."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONDA_STORE", "JUPYTER"))
    }
    folders = {
        name: str(tmp_path / name.lower())
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    # a token that nobody may see
    return CommandLine({**kept, **folders, "CONDA_STORE_TOKEN": "s3cr3t-token", "HOME": str(tmp_path)})


def test_a_list_of_packages_becomes_a_kernel(alone: CommandLine, channel: Channel, tmp_path: Path) -> None:
    file = tmp_path / "project" / "explicit.txt"
    file.parent.mkdir()
    file.write_text(channel.put(SHELL))
    made = alone.json("pull", str(file))
    assert (made["state"], made["namespace"], made["environment"]) == ("ready", "files", "project")
    (kernel,) = made["kernels"]
    spec = json.loads((tmp_path / "jupyter_data_dir/kernels" / kernel["name"] / "kernel.json").read_text())
    assert spec["metadata"]["conda_store"]["key"] == made["key"]
    root = subprocess.run([f"{made['prefix']}/bin/root"], capture_output=True, text=True, check=True)
    assert root.stdout.strip() == made["prefix"]
    assert alone.json("pull", str(file))["key"] == made["key"]
    named = alone.json("pull", str(file), "--as", "other")
    assert (named["environment"], named["key"] != made["key"]) == ("other", True)
    assert {row["environment"] for row in alone.json("list", "--here")} == {"project", "other"}
    assert alone("remove", "files/other").returncode == 0
    checked = alone.json("verify", "files/project")
    assert "changed" in json.dumps(checked)


def test_the_channel_never_sees_the_token(alone: CommandLine, tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers}")
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    file = tmp_path / "explicit.txt"
    file.write_text(f"@EXPLICIT\nhttp://127.0.0.1:{server.server_port}/noarch/a-1-0.conda#{'0' * 64}\n")
    done = alone("pull", str(file))
    server.shutdown()
    server.server_close()
    assert done.returncode == 3
    assert "does not have it any more (a-1-0.conda)" in done.stderr
    assert asked
    assert "s3cr3t" not in "".join(asked) + done.stderr
    assert "Authorization" not in "".join(asked)


def test_an_archive_of_conda_packs_is_taken(alone: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "team-demo.tar.gz"
    file.write_bytes(pack(tmp_path / "packed"))
    made = alone.json("pull", str(file))
    assert (made["namespace"], made["environment"]) == ("files", "team-demo")
    assert Path(made["prefix"], "bin/twice").read_text().endswith(f"exec {made['prefix']}/bin/demo\n")
    assert len(made["kernels"]) == 1


@pytest.mark.parametrize("fault", [None, "hash", "platform", "pypi"])
def test_an_archive_of_pixi_packs_is_taken(alone: CommandLine, tmp_path: Path, fault: str | None) -> None:
    file = tmp_path / "environment.tar"
    data = SHELL.conda()
    digest = hashlib.sha256(data).hexdigest() if fault != "hash" else "0" * 64
    record = {**json.loads(SHELL.info()["info/index.json"]), "sha256": digest, "size": len(data)}
    repodata = {
        "info": {"subdir": "noarch"},
        "packages": {},
        "packages.conda": {f"{SHELL.stem}.conda": record},
    }
    contents: dict[str, bytes | str] = {
        "pixi-pack.json": json.dumps(
            {"version": "1", "platform": "win-64" if fault == "platform" else this_platform()}
        ),
        f"channel/noarch/{SHELL.stem}.conda": data,
        "channel/noarch/repodata.json": json.dumps(repodata),
        **({"pypi/wheel-1-py3-none-any.whl": b""} if fault == "pypi" else {}),
    }
    with tarfile.open(file, "w") as archive:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            raw = content if isinstance(content, bytes) else content.encode()
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
    done = alone("pull", str(file), "--as", "packed", "--json")
    if fault is None:
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["environment"] == "packed"
        return
    assert done.returncode != 0
    says = {"hash": "by its hash", "platform": "is for win-64", "pypi": r"not conda's (wheel)"}
    assert says[fault] in done.stderr


def test_what_is_wrong_is_said_in_one_sentence(alone: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "pixi.lock").write_text("version: 99\nenvironments: {}\n")
    (tmp_path / "noise.tar.gz").write_bytes(os.urandom(1000))
    for arguments, message in (
        ([str(tmp_path / "pixi.lock")], "format 99"),
        ([str(tmp_path / "noise.tar.gz")], "neither a lockfile nor an archive"),
        ([str(tmp_path / "none.lock")], "cannot be read (No such file or directory)"),
        (["team/ml", "--as", "x"], "--as and --environment need exactly one FILE"),
        ([str(tmp_path / "pixi.lock"), "--as", "a/b"], "format 99"),
    ):
        done = alone("pull", *arguments)
        assert done.returncode == 2, done.stderr
        assert message in done.stderr


@pytest.mark.slow
def test_a_kernel_of_a_lockfile_runs(store: RunningStore, alone: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "conda-lock.yml"
    file.write_text(json.dumps(store.client().lockfile(store.builds["minimal"])))
    made = alone.json("pull", str(file), "--as", "minimal")
    (kernel,) = made["kernels"]
    specs = KernelSpecManager(
        kernel_dirs=[str(tmp_path / "jupyter_data_dir/kernels")], ensure_native_kernel=False
    )
    manager = KernelManager(kernel_spec_manager=specs, kernel_name=kernel["name"])
    manager.start_kernel()
    printed: list[str] = []

    def listen(message: dict[str, dict[str, str]]) -> None:
        printed.append(message["content"].get("text", ""))

    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        client.execute_interactive(
            "import ipykernel; print(ipykernel.__file__)", timeout=PATIENCE, output_hook=listen
        )
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)
    # packages of the user's own may lie over it, so `sys.prefix` tells nothing
    assert "".join(printed).startswith(made["prefix"] + "/lib/")
