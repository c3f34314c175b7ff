"""`jupyter conda-store open`: from a repository to a cell's answer; git, conda-store and kernels are real."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from jupyter_client.blocking.client import BlockingKernelClient

from conda_store_labext.repositories.sample import make_sample
from tests.cli.running import CommandLine
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server, git
from tests.stores import PATIENCE, RunningStore

ENVIRONMENT = "name: anything\nchannels:\n  - conda-forge\ndependencies:\n  - python\n  - ipykernel\n"
NOTEBOOK = {
    "cells": [],
    "metadata": {"kernelspec": {"name": "not-here", "display_name": "Not here", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
INDEX = json.dumps(NOTEBOOK)


def answer_of(url: str, runtime: Path, code: str, expression: str) -> str:
    """Run code on the kernel of the notebook that a page shows, and return what an expression is then."""
    parts = urlsplit(url)
    token = parse_qs(parts.query)["token"][0]
    base, _, path = f"{parts.scheme}://{parts.netloc}{parts.path}".partition("/lab/tree/")
    sessions = requests.get(
        f"{base}/api/sessions", headers={"Authorization": f"token {token}"}, timeout=PATIENCE
    )
    (session,) = [each for each in sessions.json() if each["path"] == path]
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{session['kernel']['id']}.json"))
    client.load_connection_file()
    # without the heart beat, which a busy machine misses
    client.start_channels(iopub=False, stdin=False, hb=False)
    try:
        asked = client.execute(code, user_expressions={"answer": expression})
        while True:
            reply = client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == asked:
                assert reply["content"]["status"] == "ok", reply["content"]
                return str(reply["content"]["user_expressions"]["answer"]["data"]["text/plain"]).strip("'")
    finally:
        client.stop_channels()


def test_a_remote_repository_opens_on_an_environment_of_its_own_and_the_second_time_at_once(
    command_line: CommandLine, make: MakeOrigin, server: Server, folder: Path, store: RunningStore, home: Path
) -> None:
    needs = f"{ENVIRONMENT}variables:\n  RUN: '{uuid.uuid4()}'\n"  # that no store has built before
    origin = make({"environment.yml": needs, "index.ipynb": INDEX, "helper.py": "ANSWER = 42\n"})
    url = server.address(origin)
    asking = (url, "--into", str(folder / "course"), "--no-browser")
    refused = command_line("open", *asking)
    assert refused.returncode == 4, refused.stderr
    assert "--trust" in refused.stderr
    assert not (folder / "course").exists()
    unbuilt = command_line("open", *asking, "--trust")
    assert unbuilt.returncode == 2
    assert "--build" in unbuilt.stderr
    assert "conda-forge::ipykernel" in unbuilt.stderr, "what is new to the user is said"
    assert not (folder / "course").exists()
    look = command_line.json("open", *asking, "--look")
    assert [package["name"] for package in look["new"]] == ["python", "ipykernel"]
    opened = command_line.json("open", *asking, "--build")
    assert opened["chosen_by"] == "none"
    assert command_line.json("open", *asking, "--look")["new"] == []
    assert "New to you are none of its packages." in command_line("open", *asking, "--look").stderr
    assert opened["state"]["outcome"] == "cloned"
    runtime = home.parent / "runtime"
    answer = answer_of(opened["url"], runtime, "import sys, helper", "f'{sys.base_prefix} {helper.ANSWER}'")
    prefix, _, imported = answer.rpartition(" ")
    assert imported == "42", "what lies beside the notebook is imported"
    (copy,) = command_line.json("list", "--here")
    assert prefix == copy["prefix"]
    assert opened["environment"].split("/")[1].startswith("course-")
    trusted = home.parent / "config" / "conda_store_trust.json"
    assert json.loads(trusted.read_text())["packages"] == ["conda-forge/ipykernel", "conda-forge/python"]

    again = command_line.json("open", *asking)
    assert (again["chosen_by"], again["build_id"]) == ("manifest", opened["build_id"])
    assert again["state"]["outcome"] == "current"
    assert (again["url"], again["kernel"]) == (opened["url"], opened["kernel"]), "the same server and session"

    # whoever opens the same needs from elsewhere gets the same build
    other = make({"environment.yml": f"# a copy\n{needs}"}, "authors/course")
    copied = command_line.json(
        "open", server.address(other), "--into", str(folder / "b"), "--trust", "--look"
    )
    assert copied["reference"] == opened["environment"]

    (folder / "course" / "index.ipynb").write_text(INDEX + "\n")
    origin.commit({"index.ipynb": INDEX + " "})
    kept = command_line.json("open", *asking)
    assert (kept["state"]["outcome"], kept["state"]["in_the_way"]) == ("kept", ["index.ipynb"])
    assert kept["url"] == opened["url"]


@pytest.mark.usefixtures("data_environment")  # the server's index has what was built
def test_what_a_requirements_file_lists_comes_from_conda_where_that_has_it(
    command_line: CommandLine, make: MakeOrigin, folder: Path, home: Path
) -> None:
    origin = make({"requirements.txt": "NumPy>=1.26\n", "index.ipynb": INDEX})
    asking = (f"{origin.url}@main", "--into", str(folder / "course"), "--no-browser")
    opened = command_line.json("open", *asking, "--build")
    imported = answer_of(opened["url"], home.parent / "runtime", "import numpy", "numpy.__name__")
    assert imported == "numpy"
    shown = command_line("env", "show", opened["environment"])
    assert "numpy >=1.26" in shown.stdout, shown
    assert "pip:" not in shown.stdout


@pytest.mark.usefixtures("data_environment")  # the server's index has what was built
def test_the_sample_repository_of_the_demo_runs_on_an_environment_of_its_own(
    command_line: CommandLine, tmp_path: Path, folder: Path, home: Path
) -> None:
    sample = make_sample(tmp_path / "samples")
    assert make_sample(tmp_path / "samples") == sample
    opened = command_line.json(
        "open", str(sample), "--into", str(folder / "planets"), "--build", "--no-browser"
    )
    assert opened["environment"].startswith("default/planets-")
    assert "/lab/tree/index.ipynb?token=" in opened["url"]
    runtime = home.parent / "runtime"
    (code,) = [
        "".join(cell["source"])
        for cell in json.loads((folder / "planets" / "index.ipynb").read_text())["cells"]
        if cell["cell_type"] == "code"
    ]
    answer = answer_of(opened["url"], runtime, code, "f'{sys.base_prefix} {moons().moons.sum()}'")
    (copy,) = command_line.json("list", "--here")
    assert answer == f"{copy['prefix']} 3"


def test_a_folder_opens_where_it_is_with_neither_network_nor_conda_store(
    command_line: CommandLine, folder: Path, store: RunningStore, home: Path
) -> None:
    work = folder / "mine"
    work.mkdir()
    git(work, "init", "--quiet")
    (work / ".conda-store.yml").write_text(f"environment: default/minimal:{store.builds['minimal']}\n")
    (work / "a b.ipynb").write_text(INDEX)
    command_line.json("pull", "default/minimal")
    for environ in ({}, {"CONDA_STORE_URL": "http://127.0.0.1:9/conda-store"}, {"CONDA_STORE_URL": ""}):
        opened = command_line.json("open", str(work), "--no-browser", **environ)
        assert opened["chosen_by"] == "folder"
        assert opened["build_id"] == store.builds["minimal"]
        assert opened["state"]["outcome"] == "local"
        assert "/lab/tree/a%20b.ipynb?token=" in opened["url"]
    assert git(work, "status", "--porcelain", "--untracked-files=no") == ""


def test_the_build_that_a_notebook_ran_on_comes_before_its_manifest_and_after_what_is_asked_for(
    command_line: CommandLine, make: MakeOrigin, store: RunningStore, data_environment: int
) -> None:
    record = {
        "kernel": "x",
        "server": store.url,
        "namespace": "default",
        "environment": "data",
        "build_id": data_environment,
    }
    content = {**NOTEBOOK, "metadata": {"conda_store": record}}
    origin = make({"environment.yml": f"{ENVIRONMENT}  - six\n", "a.ipynb": json.dumps(content)})
    look = ("open", origin.url, "--look")
    assert command_line.json(*look)["reference"] == f"default/data:{data_environment}"
    asked = command_line.json(*look, "--environment", "default/minimal")
    assert asked["reference"] == "default/minimal"
    origin.commit({".conda-store.yml": "environment: default/minimal\n"})
    assert command_line.json(*look)["reference"] == "default/minimal"
    gone = {**NOTEBOOK, "metadata": {"conda_store": {**record, "build_id": 10**9}}}
    origin.commit({".conda-store.yml": None, "a.ipynb": json.dumps(gone)})
    assert command_line.json(*look)["reference"] is None, "what is gone is not waited for"


def test_a_failed_build_says_why_and_leaves_no_clone(
    command_line: CommandLine, make: MakeOrigin, folder: Path
) -> None:
    unsolvable = ENVIRONMENT + "  - no-such-package-anywhere\n"
    origin = make({"environment.yml": unsolvable, "index.ipynb": INDEX})
    failed = command_line("open", origin.url, "--into", str(folder / "course"), "--build", "--no-browser")
    assert failed.returncode == 1
    assert "no-such-package-anywhere" in failed.stderr
    assert list(folder.iterdir()) == []


def test_what_needs_no_store_is_refused_at_once(command_line: CommandLine, make: MakeOrigin) -> None:
    for source, code in (("ext::sh -c x", 4), ("--", 2), ("/nowhere/at/all", 5), ("nothing", 2)):
        done = command_line("open", source, "--no-browser")
        assert done.returncode == code, (source, done.stderr)
    origin = make({"index.ipynb": INDEX})
    bare = command_line("open", origin.url, "--no-browser")
    assert bare.returncode == 5
    assert "environment.yml" in bare.stderr
    assert command_line("open", origin.url, "no.ipynb", "--no-browser").returncode == 5


def test_links_are_printed_and_opened(command_line: CommandLine, make: MakeOrigin) -> None:
    origin = make({"environment.yml": ENVIRONMENT, "index.ipynb": INDEX})
    printed = command_line.json(
        *("link", f"{origin.url}@main", "index.ipynb", "--environment", "default/minimal:1"),
        *("--hub", "https://hub.example.org"),
    )
    assert printed["link"].startswith("https://hub.example.org/hub/user-redirect/conda-store/open?")
    look = command_line.json("open", printed["link"], "--look")
    assert (look["reference"], look["path"]) == ("default/minimal:1", "index.ipynb")
    refused = command_line("link", "https://ada:SECRET@host.org/o/r")
    assert refused.returncode == 2
    assert "SECRET" not in refused.stderr + refused.stdout
