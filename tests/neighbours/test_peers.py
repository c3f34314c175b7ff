"""Other extensions do what they are for with kernels and notebooks of ours, and ours runs beside each."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import requests

from tests.neighbours.conftest import Lab
from tests.neighbours.test_neighbours import PREFIX, notebook
from tests.stores import PATIENCE, wait_until

# the frontends of those that only have one, and of the others: all are loaded beside ours
FRONTENDS = (
    *("jupyterlab-conda-store", "jupyterlab-launchpad", "jupyter_app_launcher", "@mamba-org/gator-lab"),
    *("@jupyterlab/git", "@jupyterlab/scheduler", "pixi-kernel", "nb_venv_kernels"),
    *("@jupyter/collaboration-extension", "@jupyter-server/resource-usage", "conda-store-labext"),
)


def ours_runs(everything: tuple[Lab, str], path: str) -> None:
    lab, kernel = everything
    user = lab.user
    assert Path(lab.run(path, kernel, PREFIX)).is_relative_to(user.environ["JUPYTER_DATA_DIR"])


def test_all_frontends_are_loaded_beside_ours(everything: tuple[Lab, str]) -> None:
    lab, _ = everything
    user = lab.user
    page = lab.ask("GET", "lab").text
    for name in FRONTENDS:
        assert f'"{name}"' in page, name
    assert "Traceback" not in user.log.read_text()


def test_git_sees_the_notebook_that_ours_ran(everything: tuple[Lab, str]) -> None:
    lab, kernel = everything
    user = lab.user
    (user.folder / "repository").mkdir()
    assert lab.json("POST", "git/repository/init")["code"] == 0
    model = {"type": "notebook", "format": "json", "content": notebook(kernel)}
    ours_runs(everything, "repository/a.ipynb")
    lab.json("PUT", "api/contents/repository/a.ipynb", model)
    status = lab.json("POST", "git/repository/status")
    assert "a.ipynb" in [file["to"] for file in status["files"]]
    lab.json("POST", "git/repository/add", {"add_all": False, "filename": "a.ipynb"})
    committed = lab.ask("POST", "git/repository/commit", {"commit_msg": "one", "author": "a <a@host>"})
    assert committed.ok, committed.text
    text = json.loads((user.folder / "repository/a.ipynb").read_text())
    assert text["metadata"]["conda_store"]["kernel"] == kernel


def test_launchers_keep_what_was_used_last(everything: tuple[Lab, str]) -> None:
    lab, kernel = everything
    used = {kernel: "2026-01-01T00:00:00Z"}
    assert lab.ask("POST", "jupyterlab-launchpad/database/last-used", used).status_code == 204
    assert lab.json("GET", "jupyterlab-launchpad/database/last-used") == used
    assert lab.ask("POST", "jupyterlab-launchpad/kernels/refresh", {}).ok
    assert kernel in lab.json("GET", "api/kernelspecs")["kernelspecs"]
    assert lab.ask("POST", "jupyterlab-app-launcher", {"method": "init_launcher"}).ok
    ours_runs(everything, "launched.ipynb")


def test_kernels_of_pixi_stay_listed_and_say_themselves_what_they_lack(everything: tuple[Lab, str]) -> None:
    lab, _ = everything
    kernels = lab.json("GET", "api/kernelspecs")["kernelspecs"]
    theirs = [name for name in kernels if name.startswith("pixi-kernel-")]
    assert theirs
    body = {"path": "pixi.ipynb", "name": "pixi.ipynb", "type": "notebook", "kernel": {"name": theirs[0]}}
    refused = lab.ask("POST", "api/sessions", body)
    assert refused.status_code < 500 or "pixi" in refused.text.lower()
    ours_runs(everything, "beside-pixi.ipynb")


def test_gator_and_the_measure_of_memory_answer(everything: tuple[Lab, str]) -> None:
    lab, _ = everything
    # it asks conda, and where that is missing the error is its own
    environments = lab.ask("GET", "conda/environments")
    assert environments.ok or "No such file or directory: 'conda'" in lab.user.log.read_text()
    assert lab.json("GET", "api/metrics/v1")["rss"] > 0
    ours_runs(everything, "beside-gator.ipynb")


def test_papermill_and_voila_run_our_kernel(everything: tuple[Lab, str]) -> None:
    lab, kernel = everything
    user = lab.user
    (user.folder / "in.ipynb").write_text(json.dumps(notebook(kernel)))
    user.run("papermill", "in.ipynb", "out.ipynb")
    (cell,) = json.loads((user.folder / "out.ipynb").read_text())["cells"]
    assert user.environ["JUPYTER_DATA_DIR"] in cell["outputs"][0]["text"][0]
    shown = lab.ask("GET", "voila/render/in.ipynb")
    assert shown.ok
    assert f"{user.environ['JUPYTER_DATA_DIR']}/conda-store/v1" in shown.text


def test_a_kernel_gateway_runs_our_kernel(everything: tuple[Lab, str]) -> None:
    lab, kernel = everything
    user = lab.user
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = [f"--KernelGatewayApp.port={port}", "--KernelGatewayApp.auth_token=gateway"]
    options += ["--JupyterWebsocketPersonality.list_kernels=True"]
    log = user.folder / "gateway.log"
    with log.open("wb") as file:
        gateway = subprocess.Popen(
            [str(user.python), "-m", "kernel_gateway", *options],
            cwd=user.folder,
            env=user.environ,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: "is available at " in log.read_text() or gateway.poll() is not None)
        assert gateway.poll() is None, log.read_text()
        url = f"http://127.0.0.1:{port}"
        headers = {"Authorization": "token gateway"}
        listed = requests.get(f"{url}/api/kernelspecs", headers=headers, timeout=PATIENCE)
        assert kernel in listed.json()["kernelspecs"]
        body = {"name": kernel}
        started = requests.post(f"{url}/api/kernels", json=body, headers=headers, timeout=PATIENCE)
        assert started.status_code == 201, started.text + log.read_text()
        printed = user.execute(started.json()["id"], PREFIX)
        assert Path(printed).is_relative_to(user.environ["JUPYTER_DATA_DIR"])
    finally:
        gateway.terminate()
        gateway.wait(PATIENCE)
