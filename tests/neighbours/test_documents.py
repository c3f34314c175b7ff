"""Notebooks that extensions share and save by themselves have the record of their build."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.neighbours.conftest import Lab, User
from tests.neighbours.test_neighbours import PREFIX, notebook
from tests.stores import RunningStore, wait_until


def room(name: str, lab: Lab, path: str) -> str:
    """Return the address of a notebook's shared document."""
    if name == "all":
        body = {"format": "json", "type": "notebook"}
        session = lab.json("PUT", f"api/collaboration/session/{path}", body)
        return f"json:notebook:{session['fileId']}?sessionId={session['sessionId']}"
    file = lab.json("POST", f"api/fileid/index?path={quote(path)}")
    return f"json:notebook:{file['id']}?"


@contextmanager
def writing(user: User, address: str, text: str) -> Iterator[None]:
    """Have somebody write into a shared notebook for as long as the block runs."""
    program = subprocess.Popen(
        [str(user.python), str(Path(__file__).with_name("together.py")), address, text],
        env=user.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    said = program.stdout.readline()
    try:
        if said != "written\n":
            pytest.fail(program.communicate()[1] + user.log.read_text())
        yield
    finally:
        program.communicate()


def has(file: Path, text: str) -> bool:
    """Tell whether a notebook's first cell has a text."""
    with suppress(ValueError):  # it is being written
        return text in str(json.loads(file.read_text())["cells"][0]["source"])
    return False


@pytest.mark.parametrize("name", ["all", "documents"])
def test_a_shared_notebook_has_its_build_whoever_saves_it(
    name: str, user_of: Callable[[str], User], lab_of: Callable[[User], Lab], store: RunningStore
) -> None:
    user = user_of(name)
    user.run("conda_store_labext.cli", "kernels", "sync", "--namespace", "default")
    lab = lab_of(user)
    kernels = lab.json("GET", "api/kernelspecs")["kernelspecs"]
    (kernel,) = (name for name in kernels if "-default-minimal-" in name)
    file = user.folder / "shared.ipynb"
    file.write_text(json.dumps(notebook(kernel)))
    assert Path(lab.run("shared.ipynb", kernel, PREFIX)).is_relative_to(user.environ["JUPYTER_DATA_DIR"])

    address = lab.websocket(f"api/collaboration/room/{room(name, lab, 'shared.ipynb')}")
    for text in "# once", "# twice":
        with writing(user, address, f"\n{text}"):
            # nobody presses Save
            wait_until(partial(has, file, text))
        record = json.loads(file.read_text())["metadata"]["conda_store"]
        assert (record["kernel"], record["build_id"]) == (kernel, store.builds["minimal"])
