"""Lockfiles of every kind are read, and what cannot become the environment that was locked is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conda_store_labext.errors import UnsuitableLockfile
from conda_store_labext.pipeline.packages.addresses import Addresses
from conda_store_labext.pipeline.packages.locked import closure, in_order
from conda_store_labext.pipeline.packages.lockfiles import read_lockfile

FORGE = "https://conda.anaconda.org/conda-forge"
SHA, MD5 = "a" * 64, "b" * 32


def conda_lock(*rows: dict[str, Any], version: int = 1) -> str:
    """Return a conda-lock.yml, as JSON, which is YAML."""
    usual = {"manager": "conda", "platform": "linux-64", "version": "1.0", "category": "main"}
    packages = [
        {
            **usual,
            "url": f"{FORGE}/noarch/{row['name']}-1.0-0.conda",
            "hash": {"sha256": SHA, "md5": ""},
            **row,
        }
        for row in rows
    ]
    return json.dumps({"version": version, "metadata": {}, "package": packages})


def pixi(version: object = 6, packages: str = "", listed: str = "", platforms: str = "") -> str:
    """Return a pixi.lock with two environments."""
    return f"""
version: {version}
{platforms}
environments:
  default:
    channels: [{{url: {FORGE}/}}]
    packages:
      linux-64:
      - conda: {FORGE}/linux-64/python-3.13.1-h1_0_cp313t.conda
      - conda: {FORGE}/noarch/x264-1%21164.3095-0.conda
{listed}
  gpu:
    channels: [{{url: {FORGE}/}}]
    packages:
      osx-arm64:
      - conda: {FORGE}/noarch/x264-1%21164.3095-0.conda
packages:
- conda: {FORGE}/linux-64/python-3.13.1-h1_0_cp313t.conda
  sha256: {SHA}
  depends: ['x264 >=1']
  size: 12
  python_site_packages_path: lib/python3.13t/site-packages
- conda: {FORGE}/noarch/x264-1%21164.3095-0.conda
  sha256: {SHA}
{packages}
"""


def test_a_conda_lock_file_gives_what_this_platform_needs() -> None:
    text = conda_lock(
        {"name": "b", "dependencies": {"a": ">=1"}},
        {"name": "a"},
        {"name": "mac", "platform": "osx-64"},
        {"name": "dev", "category": "dev"},
        {"name": "extra", "optional": True},
        {"name": "wheel", "manager": "pip"},
    )
    lockfile = read_lockfile(text, platform="linux-64")
    assert [package.name for package in lockfile.packages] == ["a", "b"]
    assert lockfile.pip == ("wheel",)
    assert lockfile.packages[0].sha256 == SHA
    assert lockfile.packages[0].md5 == ""
    assert closure(lockfile.packages, "b") == {"a", "b"}


@pytest.mark.parametrize("version", [4, 5, 6, 7, "'6'"])
def test_a_pixi_lock_gives_an_environment_by_name(version: object) -> None:
    packages = read_lockfile(pixi(version), platform="linux-64").packages
    assert [package.name for package in packages] == ["x264", "python"]
    assert packages[0].version == "1!164.3095"
    assert (packages[1].size, packages[1].site_packages) == (12, "lib/python3.13t/site-packages")
    assert [package.name for package in read_lockfile(pixi(), "gpu", "osx-arm64").packages] == ["x264"]


def test_a_pixi_lock_may_name_its_platforms() -> None:
    named = pixi(7, platforms="platforms: [{name: old-glibc, subdir: linux-64}]").replace(
        "      linux-64:", "      old-glibc:"
    )
    assert len(read_lockfile(named, platform="linux-64").packages) == 2


def test_an_explicit_list_stays_in_its_order() -> None:
    lines = [f"{FORGE}/noarch/b-1-0.conda#{MD5}", f"{FORGE}/noarch/a-1-0.tar.bz2#sha256:{SHA}"]
    packages = read_lockfile("\n".join(["# a comment", "@EXPLICIT", *lines]), platform="linux-64").packages
    assert [(package.name, package.digest) for package in packages] == [("b", MD5), ("a", SHA)]


def test_a_circle_of_dependencies_has_an_order() -> None:
    text = conda_lock({"name": "a", "dependencies": {"b": ""}}, {"name": "b", "dependencies": {"a": ""}})
    packages = read_lockfile(text, platform="linux-64").packages
    assert in_order(reversed(packages)) == packages


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (conda_lock({"name": "a"}, version=2), "format 2 of conda-lock"),
        (conda_lock({"name": "a", "platform": "osx-64"}), "no packages for linux-64, only for osx-64"),
        (conda_lock({"name": "a", "hash": {}}), "no hash of a-1.0-0.conda"),
        (conda_lock({"name": "a", "hash": {"md5": None, "sha256": "x"}}), "no hash"),
        (conda_lock({"name": "a"}, {"name": "a"}), "has a twice"),
        (
            conda_lock({"name": "a", "url": f"{FORGE}/noarch/..%2f..%2fa-1-0.conda"}),
            "not one of a conda package",
        ),
        (conda_lock({"name": "a", "url": f"{FORGE}/noarch/a-1..0-0.conda"}), "not one of a conda package"),
        (conda_lock({"name": "a", "url": f"{FORGE}/win-64/a-1.0-0.conda"}), "for win-64, but this machine"),
        (pixi(99), "format 99, and this reads formats 4 to 7"),
        (pixi().replace("default:", "other:"), "no environment default; choose one of other, gpu"),
        (f"@EXPLICIT\n{FORGE}/noarch/a-1-0.conda\n", "no hash of a-1-0.conda"),
        ("name: x\ndependencies: [python]\n", "not a lockfile"),
        ("{", "not valid YAML"),
        ("@EXPLICIT\n", "lists no conda packages"),
    ],
)
def test_what_is_no_lockfile_for_this_machine_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnsuitableLockfile, match=message) as raised:
        read_lockfile(text, platform="linux-64")
    assert str(raised.value).endswith(".")


def test_packages_of_pypi_and_from_source_are_told_of() -> None:
    listed = "      - pypi: https://files.example.org/w-1-py3-none-any.whl\n      - conda: ./local\n"
    packages = "- pypi: https://files.example.org/w-1-py3-none-any.whl\n  name: w\n"
    lockfile = read_lockfile(pixi(6, packages, listed), platform="linux-64")
    assert lockfile.pip == ("w", "./local")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/noarch/a-1-0.conda",
        "ftp://example.org/noarch/a-1-0.conda",
        "http://127.0.0.1:80/noarch/a-1-0.conda",
        "http://127.1/noarch/a-1-0.conda",
        "http://2130706433/noarch/a-1-0.conda",
        "http://[::1]/noarch/a-1-0.conda",
        "http://[::ffff:127.0.0.1]/noarch/a-1-0.conda",
        "http://0.0.0.0/noarch/a-1-0.conda",
        "http://localhost./noarch/a-1-0.conda",
        "http://x.localhost/noarch/a-1-0.conda",
        "http://169.254.169.254/noarch/a-1-0.conda",
        "https://a.example/t/<TOKEN>/chan/noarch/x-1-0.conda",
        "https:///noarch/a-1-0.conda",
    ],
)
def test_addresses_of_this_machine_and_of_files_are_not_asked(url: str) -> None:
    remote = "http://192.0.2.1/noarch/b-1-0.conda"
    with pytest.raises(UnsuitableLockfile):
        Addresses.of([remote, url])
    with pytest.raises(UnsuitableLockfile):
        Addresses.of([url], trusted=False)
    with pytest.raises(UnsuitableLockfile):
        Addresses(local=False).require(url)


def test_a_local_channel_is_asked_where_there_is_no_other() -> None:
    rule = Addresses.of(["http://127.0.0.1:8000/noarch/a-1-0.conda"])
    rule.require("http://localhost:8000/noarch/b-1-0.conda")
    with pytest.raises(UnsuitableLockfile):
        Addresses.of(["http://127.0.0.1:8000/noarch/a-1-0.conda"], trusted=False)


@pytest.mark.parametrize("host", ["169.254.169.254", "0.0.0.0"])
def test_what_only_a_machine_itself_may_ask_is_never_asked(host: str) -> None:
    with pytest.raises(UnsuitableLockfile, match="this very machine"):
        Addresses.of([f"http://{host}/noarch/a-1-0.conda"])
