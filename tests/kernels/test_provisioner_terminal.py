"""A program on a terminal shows how far the fetch has come, and Ctrl-C there ends it and leaves nothing."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.kernels.conftest import Sync
from tests.stores import PATIENCE

NBCLIENT = "from nbclient.cli import main; main(['--kernel_name', {kernel!r}, {notebook!r}])"
JUPYTER_RUN = (
    "from jupyter_client.runapp import RunApp as R; R.launch_instance(['--kernel', {kernel!r}, {notebook!r}])"
)


@pytest.mark.parametrize("program", [NBCLIENT, JUPYTER_RUN], ids=["nbclient", "jupyter run"])
def test_ctrl_c_while_it_is_fetched(program: str, data_dir: Path, sync: Sync, tmp_path: Path) -> None:
    notebook = tmp_path / "n.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    code = program.format(kernel=sync().name, notebook=str(notebook))
    reader, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=terminal, stderr=terminal, start_new_session=True
    )
    os.close(terminal)
    shown, deadline = b"", time.monotonic() + 60
    while b"default/minimal #" not in shown:
        assert time.monotonic() < deadline, shown.decode()
        if select.select([reader], [], [], 1)[0]:
            shown += os.read(reader, 65536)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(PATIENCE) != 0
    os.close(reader)
    for part in "e", "s", "t":
        assert list((data_dir / "conda-store/v1" / part).glob("*")) == []
