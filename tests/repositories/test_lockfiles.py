"""A repository's lockfile is its environment: no build, no conda-store, one question."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.copies.services import Services
from conda_store_labext.errors import InvalidRequest, RepositoryRefused, UnsuitableLockfile
from conda_store_labext.models.platform import this_platform
from conda_store_labext.models.reference import Reference
from conda_store_labext.repositories.channels import channel_name, full_name
from conda_store_labext.repositories.choice import Choice, Origin
from conda_store_labext.repositories.files import FolderFiles
from conda_store_labext.repositories.locks import read_lock
from conda_store_labext.repositories.manifest import find_manifest
from conda_store_labext.repositories.opening import fetch_environment
from conda_store_labext.repositories.policy import Policy
from tests.cli.running import UNREACHABLE, CommandLine
from tests.pipeline.packages.conftest import Channel
from tests.pipeline.packages.making import Made, put
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server
from tests.repositories.test_manifest import ENVIRONMENT
from tests.repositories.test_open import INDEX, answer_of
from tests.repositories.test_routes import visited
from tests.server.asking import Ask

LOCAL = "127.0.0.1:*"
KERNEL = {"argv": ["sh", "-c", "true"], "display_name": "Shell", "language": "bash"}
SHELL = Made("bash_kernel", files={"share/jupyter/kernels/bash/kernel.json": json.dumps(KERNEL).encode()})
PLAIN = Made("plain", files={"share/plain": b"plain\n"})


def row(url: str, name: str = "numpy", **more: Any) -> dict[str, Any]:
    """Return a package of a conda-lock.yml."""
    path, _, digest = url.partition("#")
    return {
        "name": name,
        "manager": "conda",
        "platform": this_platform(),
        "url": path,
        "hash": {"sha256": digest or "a" * 64},
        **more,
    }


def conda_lock(*rows: dict[str, Any]) -> str:
    """Return a conda-lock.yml."""
    return json.dumps({"version": 1, "metadata": {"platforms": [this_platform()]}, "package": rows})


def pixi_lock(**environments: list[str]) -> str:
    """Return a pixi.lock whose environments have packages at these addresses, or of PyPI."""

    def entry(address: str) -> dict[str, str]:
        return {"conda" if ".conda" in address else "pypi": address.partition("#")[0]}

    every = {address for addresses in environments.values() for address in addresses}
    return json.dumps(
        {
            "version": 6,
            "environments": {
                name: {"packages": {this_platform(): [entry(each) for each in addresses]}}
                for name, addresses in environments.items()
            },
            "packages": [{**entry(each), "sha256": each.partition("#")[2] or "a" * 64} for each in every],
        }
    )


def test_a_lockfile_is_the_environment_and_a_strangers_packages_are_asked_about(
    command_line: CommandLine, make: MakeOrigin, server: Server, folder: Path, home: Path
) -> None:
    lock = json.loads(command_line("download", "default/minimal", "--artifact", "lockfile", "-o", "-").stdout)
    rows = lock["package"]
    origin = make({"conda-lock.yml": json.dumps(lock), "environment.yml": ENVIRONMENT, "index.ipynb": INDEX})
    asking = (server.address(origin), "--into", str(folder / "course"), "--no-browser")
    away = {"CONDA_STORE_URL": UNREACHABLE}
    # a stranger's lockfile leads nobody to this very machine, unless its channels were allowed by name
    refused = command_line("open", *asking, "--trust", **away)
    assert refused.returncode == 5, refused.stderr
    assert "on this very machine" in refused.stderr
    other = command_line("open", *asking, "--trust", **away, CONDA_STORE_LABEXT_CHANNELS="conda-forge")
    assert "Packages of the channel 127.0.0.1:" in other.stderr
    assert not (folder / "course").exists()

    allowed = {**away, "CONDA_STORE_LABEXT_CHANNELS": LOCAL}
    opened = command_line.json("open", *asking, "--trust", **allowed)
    assert (opened["chosen_by"], opened["state"]["outcome"]) == ("lockfile", "cloned")
    assert opened["environment"].startswith("files/course-")
    runtime = home.parent / "runtime"
    prefix = answer_of(opened["url"], runtime, "import sys", "sys.base_prefix")
    (copy,) = command_line.json("list", "--here")
    assert copy["prefix"] == prefix
    trusted = json.loads((home.parent / "config" / "conda_store_trust.json").read_text())
    assert channel_name(rows[0]["url"].rsplit("/", 2)[0]) + "/python" in trusted["packages"]

    # what is here needs neither channel nor conda-store, whose build would be another copy
    again = command_line.json("open", *asking, CONDA_STORE_LABEXT_CHANNELS=LOCAL)
    assert (again["chosen_by"], again["build_id"]) == ("lockfile", opened["build_id"])

    more = row(rows[0]["url"].rsplit("/", 2)[0] + "/noarch/brand-new-1-0.conda", "brand-new")
    origin.commit({"conda-lock.yml": json.dumps({**lock, "package": [*rows, more]})})
    fresh = command_line("open", *asking, **allowed)
    assert fresh.returncode == 4, fresh.stderr
    assert "brand-new." in fresh.stderr.rsplit("New to you are", 1)[1]


@pytest.mark.usefixtures("jp_serverapp")
async def test_the_page_says_that_packages_are_downloaded_and_does_it_once_that_is_said(
    ask: Ask, jp_root_dir: Path, channel: Channel
) -> None:
    mine = jp_root_dir / "mine"
    mine.mkdir()
    addresses = [f"{channel.url}/{put(channel.folder, package)}" for package in (SHELL, PLAIN)]
    (mine / "pixi.lock").write_text(pixi_lock(default=addresses, plain=addresses[1:]))
    (mine / "a.ipynb").write_text(INDEX)
    look = (await visited(ask, "looks", repository="mine"))["look"]
    assert look["state"] == "locked", look
    manifest = look["manifest"]
    assert (manifest["path"], manifest["specification"]) == ("pixi.lock:default", "")
    assert [other["path"] for other in manifest["passed_over"]] == ["pixi.lock:plain"]
    assert {package["name"] for package in manifest["packages"] if package["is_new"]} == {
        "bash_kernel",
        "plain",
    }
    asked = {"repository": "mine", "seen": look["seen"]}
    refused = await visited(ask, "openings", **asked)
    assert refused["error"]["code"] == "invalid_request"
    opened = await visited(ask, "openings", **asked, build=True)
    assert opened["opened"]["kernel"], opened
    again = (await visited(ask, "looks", repository="mine"))["look"]
    assert (again["state"], again["environment"]) == ("here", look["environment"])
    assert not any(package["is_new"] for package in again["manifest"]["packages"])


def test_the_environment_of_a_pixi_lock_is_the_one_that_a_notebook_can_run_on(tmp_path: Path) -> None:
    forge = "https://conda.anaconda.org/conda-forge/noarch"
    kernel, six = f"{forge}/ipykernel-7.1-0.conda", f"{forge}/six-1-0.conda"
    wheel = "https://files.example.org/six-1-py3-none-any.whl"
    (tmp_path / "pixi.toml").write_text('[workspace]\nname = "x"\n[dependencies]\nsix = "*"\n')

    def used(**environments: list[str]) -> tuple[str, dict[str, str]]:
        (tmp_path / "pixi.lock").write_text(pixi_lock(**environments))
        manifest = find_manifest(FolderFiles(tmp_path))
        assert manifest is not None
        return manifest.path, {other.path: other.why for other in manifest.passed_over}

    assert used(default=[kernel], lab=[kernel])[0] == "pixi.lock:default"
    assert used(default=[six], lab=[six, kernel])[0] == "pixi.lock:lab"
    several = used(default=[six], lab=[kernel], other=[six, kernel])
    assert (several[0], "choose one" in several[1]["pixi.lock"]) == ("pixi.toml", True)
    assert "ipykernel" in used(default=[six])[1]["pixi.lock"]
    assert "not conda's" in used(default=[kernel, wheel])[1]["pixi.lock"]
    used(default=[six], lab=[six, kernel])
    chosen = find_manifest(FolderFiles(tmp_path), chosen="pixi.lock:default")
    assert chosen is not None
    assert chosen.packages == (("six", "conda-forge"),)
    with pytest.raises(InvalidRequest, match="no environment gpu"):
        find_manifest(FolderFiles(tmp_path), chosen="pixi.lock:gpu")


def test_a_lockfile_that_needs_more_than_conda_has_to_be_built(tmp_path: Path) -> None:
    forge = "https://conda.anaconda.org/conda-forge/noarch"
    rows = [row(f"{forge}/ipykernel-7.1-0.conda"), {**row("x"), "manager": "pip", "name": "six"}]
    (tmp_path / "conda-lock.yml").write_text(conda_lock(*rows))
    manifest = find_manifest(FolderFiles(tmp_path))
    assert manifest is not None
    assert manifest.lock is None
    assert any(note.startswith("It has to be built: ") and "(six)" in note for note in manifest.notes)


def test_a_package_that_a_script_has_to_finish_leads_to_a_build(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_STORE_URL", "")
    scripted = Made("bash_kernel", files={"bin/.bash_kernel-post-link.sh": b"#!/bin/sh\n"})
    address = f"{channel.url}/{put(channel.folder, scripted)}"
    lock = read_lock("conda-lock.yml", conda_lock(row(address, "bash_kernel")))
    job = lock.job("conda-lock.yml", "made", tmp_path / "copies", trusted=True, share=True)
    choice = Choice(Origin.LOCKFILE, "", Reference("files", "made"), job=job)
    services = Services.from_environment()
    try:
        with pytest.raises(UnsuitableLockfile) as raised:
            fetch_environment(services, choice)
        assert "--build" not in str(raised.value)
        with pytest.raises(UnsuitableLockfile, match="With --build, conda-store builds it"):
            fetch_environment(services, replace(choice, target=Reference("default", "made")))
    finally:
        services.close()


def test_channels_have_one_name_each_and_patterns_count_for_either() -> None:
    for text in (
        "conda-forge",
        "https://conda.anaconda.org/conda-forge/",
        "https://x:y@conda.anaconda.org/t/z/conda-forge",
    ):
        assert channel_name(text) == "conda-forge"
    assert full_name("conda-forge") == "conda.anaconda.org/conda-forge"
    assert full_name(channel_name("https://host.org/t/secret/team")) == "host.org/team"
    policy = Policy(channels=("conda-forge", "host.org/team/*"))
    policy.require_channels(["https://conda.anaconda.org/conda-forge", "https://host.org/team/a"])
    Policy().require_channels(["anything"])
    with pytest.raises(RepositoryRefused, match="bioconda"):
        policy.require_channels(["conda-forge", "bioconda"])
