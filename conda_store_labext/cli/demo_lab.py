"""The JupyterLab that the demo starts."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from jupyter_core.paths import jupyter_runtime_dir

from ..errors import CondaStoreLabError

LOOK_AGAIN_SECONDS = 0.3
LAB_START_SECONDS = 300.0
LAB_STOP_SECONDS = 10.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Has the system tell it when its parent ends, then becomes the command; the parent may have ended already.
TIED = """
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
EXTENSION = {"conda_store_labext": True}
# The panel opens by itself on a page that carries this.
OPEN_PANEL = {"page_config_data": {"condaStoreOpenPanel": "true"}}
# Without it JupyterLab asks in a corner whether it may fetch its news; 4.6 does so whatever `news_url` is.
DEFAULTS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}


@contextlib.contextmanager
def jupyterlab(
    browser: bool, port: int | None, directory: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run JupyterLab with the panel open; give its process and its address with the token."""
    options = [f"--ServerApp.root_dir={directory}", f"--ServerApp.tornado_settings={OPEN_PANEL}"]
    options += [f"--ServerApp.jpserver_extensions={EXTENSION}", "--ServerApp.log_level=WARN"]
    options += [] if browser else ["--no-browser"]
    options += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port is not None else []
    # Whoever runs the demo as root, in a container as a rule, has decided to.
    options += ["--allow-root"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="conda-store-demo-") as configuration:
        overrides = Path(configuration, "labconfig", "default_setting_overrides.json")
        overrides.parent.mkdir()
        overrides.write_text(json.dumps(DEFAULTS))
        lab = subprocess.Popen(
            tied([sys.executable, "-m", "jupyterlab", *options]),
            cwd=directory,
            env=_configured(configuration, _without_other_stores()),
            stdin=subprocess.DEVNULL,
            # Ctrl-C is for the demo, which then ends JupyterLab without its asking back.
            start_new_session=True,
        )
        try:
            yield lab, _address(lab)
        finally:
            with undisturbed():
                lab.terminate()
                try:
                    lab.wait(LAB_STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(lab.pid, signal.SIGKILL)
                    lab.wait()


def tied(command: list[str]) -> list[str]:
    """Return a command that is told to end (TERM) when this process does, however it does (Linux only)."""
    if not sys.platform.startswith("linux"):
        return command
    return [sys.executable, "-c", TIED, str(os.getpid()), *command]


def _address(lab: subprocess.Popen[bytes]) -> str:
    """Wait until JupyterLab answers, and return its address, from the file that it leaves for its user."""
    information = Path(jupyter_runtime_dir()) / f"jpserver-{lab.pid}.json"
    deadline = time.monotonic() + LAB_START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, KeyError):
            server = json.loads(information.read_bytes())
            query = f"?{urlencode({'token': server['token']})}" if server["token"] else ""
            return f"{server['url']}lab{query}"
        if lab.poll() is not None:
            raise CondaStoreLabError(
                f"JupyterLab did not start (exit code {lab.returncode}); its log above says why."
            )
        time.sleep(LOOK_AGAIN_SECONDS)
    raise CondaStoreLabError(
        f"JupyterLab did not start within {LAB_START_SECONDS:.0f} s; its log above says why."
    )


def _configured(folder: str, variables: dict[str, str]) -> dict[str, str]:
    """Return the variables with a folder of configuration that counts after those that the user names."""
    folders = [path for path in (variables.get("JUPYTER_CONFIG_PATH"), folder) if path]
    return {**variables, "JUPYTER_CONFIG_PATH": os.pathsep.join(folders)}


def _without_other_stores() -> dict[str, str]:
    """Return the environment without what would lead JupyterLab to another conda-store."""
    ours = ("CONDA_STORE_LOCAL_", "CONDA_STORE_LABEXT_")
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(ours) or not name.startswith("CONDA_STORE_")
    }


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let no impatient second Ctrl-C leave something running."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
