"""`image`: a build as an image, the same one wherever it is made, with layers that other builds have, too."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.copies.images.image import make_image
from conda_store_labext.copies.images.layout import read_layout, write_layout
from conda_store_labext.copies.pack import THEIRS
from conda_store_labext.store.records import StoredCopy
from tests.cli.running import CommandLine, variables
from tests.stores import RunningStore, ended, start_build


def blob(folder: Path, digest: str) -> Path:
    return folder / "blobs/sha256" / digest.removeprefix("sha256:")


def document(folder: Path, digest: str) -> Any:
    return json.loads(blob(folder, digest).read_text())


@pytest.fixture(scope="module")
def maker(store: RunningStore, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The program of somebody whose copies come by their archives."""
    chosen = {"CONDA_STORE_LABEXT_WAY": "archive"}
    return CommandLine(variables(store, tmp_path_factory.mktemp("maker")) | chosen)


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that images are written to."""
    return tmp_path_factory.mktemp("images") / "layout"


@pytest.fixture(scope="module")
def made(maker: CommandLine, layout: Path) -> dict[str, Any]:
    """The image of `default/minimal`."""
    answer: dict[str, Any] = maker.json(
        "image", "default/minimal", "--base", "scratch", "--output", f"oci:{layout}"
    )
    return answer


def test_its_files_are_the_copys_and_run(
    made: dict[str, Any], layout: Path, maker: CommandLine, tmp_path: Path
) -> None:
    manifest = document(layout, made["digest"])
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    assert set(manifest) == {"schemaVersion", "mediaType", "config", "layers"}
    assert [layer["digest"] for layer in manifest["layers"]] == made["layers"]
    names: list[str] = []
    for digest in made["layers"]:
        with tarfile.open(blob(layout, digest)) as archive:
            names += [info.name for info in archive if not info.isdir()]
            archive.extractall(tmp_path)
    assert len(names) == len(set(names)), "nothing twice"
    (copy,) = maker.json("list", "--here")
    prefix = Path(copy["prefix"])
    files = {
        path.relative_to(prefix).as_posix()
        for path in prefix.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    there = {name.removeprefix("opt/env/") for name in names}
    assert all(path.endswith(".pyc") for path in there - files)
    theirs = {path for path in files - there if not path.endswith(".pyc")}
    assert theirs == {path for path in files if any(fnmatch(path, pattern) for pattern in THEIRS)}
    # nothing of where the copy lies
    found = subprocess.run(
        ["grep", "-rl", str(prefix), tmp_path], capture_output=True, text=True, check=False
    )
    assert found.stdout == ""
    python = tmp_path / "opt/env/bin/python"
    run = [str(python), "-B", "-v", "-c", "import ipykernel, json"]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stderr
    assert re.search(r"code object from '.*/json/__pycache__/__init__\.[\w-]+\.pyc'", said)
    compiled = re.findall(rf"code object from {re.escape(str(tmp_path))}\S+\.py\b", said)
    assert not compiled, "every byte code is good for its source"
    config = document(layout, manifest["config"]["digest"])
    assert "PATH=/opt/env/bin:/usr/local/sbin" in "\n".join(config["config"]["Env"])
    assert len(config["rootfs"]["diff_ids"]) == len(made["layers"])


def test_it_is_the_same_on_another_machine(made: dict[str, Any], store: RunningStore, tmp_path: Path) -> None:
    """By its packages, in a folder whose path is longer, with other rights, times and words."""
    other = CommandLine(
        variables(store, tmp_path / ("a-much-longer-folder-of-somebody" * 2))
        | {"CONDA_STORE_LABEXT_WAY": "packages", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    )
    before = os.umask(0o077)
    try:
        again = other.json(
            "image", "default/minimal", "--base", "scratch", "--output", f"oci:{tmp_path / 'b'}"
        )
    finally:
        os.umask(before)
    assert again["digest"] == made["digest"]
    assert again["layers"] == made["layers"]


def test_another_build_has_most_layers_in_common(
    made: dict[str, Any], maker: CommandLine, layout: Path, store: RunningStore
) -> None:
    build = ended(store, start_build(store, "with-pip", ["python", "ipykernel", "pip"], "images"))
    before = {path.name: path.stat().st_mtime_ns for path in (layout / "blobs/sha256").iterdir()}
    other = maker.json("image", "images/with-pip", "--base", "scratch", "--output", f"oci:{layout}")
    assert len(set(made["layers"]) - set(other["layers"])) <= 2
    assert len(set(other["layers"]) - set(made["layers"])) <= 2
    index = json.loads((layout / "index.json").read_text())
    tags = {row["annotations"]["org.opencontainers.image.ref.name"] for row in index["manifests"]}
    assert tags == {str(store.builds["minimal"]), str(build.id)}
    after = {path.name: path.stat().st_mtime_ns for path in (layout / "blobs/sha256").iterdir()}
    assert before.items() <= after.items(), "what was there was not written again"


def test_an_image_is_built_upon_another(made: dict[str, Any], layout: Path, tmp_path: Path) -> None:
    folder, tag = layout, made["image"].rpartition(":")[2]
    (tmp_path / "prefix/bin").mkdir(parents=True)
    (tmp_path / "prefix/bin/tool").write_text(f"#!/bin/sh\necho {tmp_path / 'prefix'}\n")
    copy = StoredCopy(
        "s", "team", "tool", 7, tmp_path / "prefix", 1, 1, "", "", variables={"PATH": "/x", "A": "b"}
    )
    (tmp_path / "layers").mkdir()
    image = make_image(copy, read_layout(folder, tag, "amd64"), tmp_path / "layers")
    write_layout(image, tmp_path / "upon", "latest")
    manifest = document(tmp_path / "upon", image.digest)
    assert [layer["digest"] for layer in manifest["layers"]][:-1] == made["layers"]
    config = document(tmp_path / "upon", manifest["config"]["digest"])
    assert len(config["rootfs"]["diff_ids"]) == len(manifest["layers"])
    assert {"PATH=/opt/env/bin:/x", "A=b", "CONDA_DEFAULT_ENV=tool"} <= set(config["config"]["Env"])
    with tarfile.open(blob(tmp_path / "upon", manifest["layers"][-1]["digest"])) as archive:
        script = archive.extractfile("opt/env/bin/tool")
        assert script
        assert script.read() == b"#!/bin/sh\necho /opt/env\n"


@pytest.mark.parametrize(
    ("base", "to"),
    [
        ("oci:/nowhere", ("--output", "oci:here")),
        ("team/data", ("--output", "oci:here")),
        ("scratch", ("--push", "oci:here")),
        ("scratch", ("--output", "localhost/data")),
        ("scratch", ()),
    ],
)
def test_wrong_names_are_refused(maker: CommandLine, base: str, to: tuple[str, ...]) -> None:
    done = maker("image", "default/minimal", "--base", base, *to)
    assert done.returncode == 2, done.stderr


def test_a_copy_that_was_changed_makes_no_image(store: RunningStore, tmp_path: Path) -> None:
    own = CommandLine(variables(store, tmp_path))
    pulled = own.json("pull", "default/minimal")
    (script,) = Path(pulled["prefix"]).glob("lib/python3*/site-packages/ipykernel/__init__.py")
    script.unlink()
    script.write_text("changed")
    done = own("image", "default/minimal", "--base", "scratch", "--output", f"oci:{tmp_path / 'no'}")
    assert (done.returncode, "is not as it came" in done.stderr) == (1, True)
    assert not (tmp_path / "no").exists()
