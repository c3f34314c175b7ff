"""Packages are linked as conda links them: prefixes, links, modes, and one tree for one lockfile."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from conda_store_labext.copies.verify import verify
from conda_store_labext.errors import UnsuitableLockfile
from conda_store_labext.pipeline.packages.description import site_packages_of
from conda_store_labext.pipeline.packages.local_file import file_job
from conda_store_labext.pipeline.packages.locked import locked_package
from conda_store_labext.pipeline.packages.worker import run_file
from conda_store_labext.pipeline.sharing import SharingTree
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.packages.conftest import Channel, Install, Silent
from tests.pipeline.packages.making import PLACEHOLDER, Made

OLD = PLACEHOLDER.encode()


def test_prefixes_are_rewritten_in_texts_and_binaries(channel: Channel, install: Install) -> None:
    package = Made(
        "demo",
        files={
            "bin/demo": b"#!/bin/sh\necho " + OLD + b"/etc\n",
            "etc/read-only.conf": b"root = " + OLD + b"\n",
            # a line break inside a string, two hits in one string, one string at the very end
            "lib/lib.so": b"\x7fELF\0" + OLD + b"/x\n--y " + OLD + b"/z\0tail\0" + OLD + b"/end\0",
            "lib/lib.so.1": "lib.so",
            "share/data.bin": bytes(range(256)) * 10,
        },
        modes={"etc/read-only.conf": 0o444, "share/data.bin": 0o666},
    )
    copy = install(channel.put(package))
    prefix = copy.prefix
    new = os.fsencode(prefix)
    assert subprocess.run([prefix / "bin/demo"], capture_output=True, check=True).stdout == new + b"/etc\n"
    binary = (prefix / "lib/lib.so").read_bytes()
    assert len(binary) == len(package.files["lib/lib.so"])
    strings = [part for part in binary.split(b"\0") if part]
    assert strings == [b"\x7fELF", new + b"/x\n--y " + new + b"/z", b"tail", new + b"/end"]
    assert (prefix / "lib/lib.so.1").readlink() == Path("lib.so")
    assert (prefix / "etc/read-only.conf").read_bytes() == b"root = " + new + b"\n"
    assert (prefix / "share/data.bin").stat().st_mode & 0o777 == 0o644
    assert (prefix / "bin/demo").stat().st_mode & 0o777 == 0o755
    for path in (prefix / name for name in package.files):
        assert OLD not in path.read_bytes(), path
    record = json.loads((prefix / "conda-meta/demo-1.0-0.json").read_text())
    assert record["url"] == f"{channel.url}/noarch/demo-1.0-0.conda"
    assert set(record["files"]) == set(package.files)
    verdict = verify(prefix)
    assert (verdict.changed, verdict.missing, verdict.unchecked) == ((), (), ())
    (prefix / "share/data.bin").write_bytes(b"edited")
    assert verify(prefix).changed == ("share/data.bin",)


@pytest.mark.parametrize("ending", [".conda", ".tar.bz2"])
def test_both_formats_give_the_same_tree(channel: Channel, install: Install, ending: str) -> None:
    package = Made("demo", files={"lib/a.txt": b"a" * 3_000_000, "lib/empty": b"", "lib/b": b"b"})
    prefix = install(channel.put(package, ending=ending)).prefix
    assert {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()} == {
        *package.files,
        "conda-meta/demo-1.0-0.json",
        "conda-meta/history",
    }
    assert (prefix / "lib/a.txt").read_bytes() == package.files["lib/a.txt"]


def test_hard_links_inside_a_package_stay_one_file(channel: Channel, install: Install) -> None:
    twin = tarfile.TarInfo("bin/twin")
    twin.type, twin.linkname = tarfile.LNKTYPE, "bin/one"
    text = b"#!" + OLD + b"/bin/sh\n"
    package = Made("demo", files={"bin/one": text}, members=[(twin, b"")])
    package.paths["bin/twin"] = {
        "path_type": "hardlink",
        "prefix_placeholder": PLACEHOLDER,
        "file_mode": "text",
    }
    prefix = install(channel.put(package)).prefix
    assert (prefix / "bin/one").read_bytes() == (prefix / "bin/twin").read_bytes()
    assert OLD not in (prefix / "bin/twin").read_bytes()
    assert (prefix / "bin/one").stat().st_ino == (prefix / "bin/twin").stat().st_ino


def test_a_file_of_two_packages_is_the_later_ones_whichever_comes_first(
    channel: Channel, install: Install, tmp_path: Path
) -> None:
    base = Made("base", files={"m/x.py": b"base", "m/same": b"same"})
    over = Made("over", files={"m/x.py": b"over", "m/same": b"same"}, depends=("base",))
    channel.put(base, over)
    for number, lines in enumerate((("base", "over"), ("over", "base"))):
        rows = [
            {
                "name": name,
                "manager": "conda",
                "platform": "linux-64",
                "url": f"{channel.url}/noarch/{name}-1.0-0.conda",
                "hash": {"sha256": _sha256(channel, name), "md5": ""},
                "dependencies": {"base": ""} if name == "over" else {},
            }
            for name in lines
        ]
        prefix = install(json.dumps({"version": 1, "package": rows}), f"made{number}").prefix
        assert (prefix / "m/x.py").read_bytes() == b"over"


def test_a_script_that_would_have_to_run_is_refused(channel: Channel, install: Install) -> None:
    package = Made("demo", files={"bin/.demo-post-link.sh": b"touch /tmp/ran\n"})
    with pytest.raises(UnsuitableLockfile, match="finished by a script"):
        install(channel.put(package))


def test_what_is_linked_from_is_never_written_to(
    channel: Channel, install: Install, disk: EnvironmentStore
) -> None:
    data = b"#\n" * 100_000
    first = Made("demo", files={"lib/data.txt": data, "lib/rewritten.txt": data + OLD})
    first_prefix = install(channel.put(first), "one").prefix
    before = {path: path.read_bytes() for path in first_prefix.rglob("*") if path.is_file()}
    second = Made("demo", version="2.0", files={"lib/data.txt": data, "lib/rewritten.txt": data + OLD})
    two = install(channel.put(second), "two").prefix
    assert first_prefix != two
    assert os.fsencode(two) in (two / "lib/rewritten.txt").read_bytes()
    assert {path: path.read_bytes() for path in before} == before
    with SharingTree(two, ()) as tree:
        assert tree.root == two


def test_links_are_made_as_links_whatever_they_lead_to(channel: Channel, install: Install) -> None:
    links = {
        "man/ja": "ja_JP.UTF-8",  # a folder, which comes after it
        "man/again": "ja",
        "share/dangling": "nowhere/at/all",
        "share/up": "../man/ja_JP.UTF-8/page",
    }
    package = Made("demo", files={**links, "man/ja_JP.UTF-8/page": b"page"})
    prefix = install(channel.put(package)).prefix
    for path, target in links.items():
        assert (prefix / path).readlink() == Path(target)
    assert (prefix / "man/again/page").read_bytes() == (prefix / "share/up").read_bytes() == b"page"
    verdict = verify(prefix)
    assert (verdict.changed, verdict.missing, verdict.unchecked) == ((), (), ())


PYTHON = Made(
    "python",
    "3.11.9",
    "0_cpython",
    "linux-64",
    # a program of this name that runs what it is given, with Python's own options passed over
    files={"bin/python3.11": b"#!/bin/sh\nexec " + os.fsencode(sys.executable) + b' "$@"\n'},
)
TOOL = Made(
    "tool",
    noarch="python",
    entry_points=("tool = tool:main",),
    files={
        "site-packages/tool.py": b"import sys\ndef main():\n    print(sys.argv[1:])\n    return 7\n",
        "python-scripts/old-tool": b"#!" + OLD + b"/bin/python3.11\nimport sys\nprint('old', sys.argv[1:])\n",
        "bin/perlish": b"#! " + OLD + b"/bin/interpreter -x\n",
    },
    modes={"python-scripts/old-tool": 0o755},
)


@pytest.mark.parametrize("folder", ["s", "long" * 40, "é"])
def test_commands_run_directly_wherever_the_store_lies(
    folder: str, channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel reads 127 bytes of a first line; all else has to be written otherwise."""
    store = EnvironmentStore(tmp_path / folder)
    file = tmp_path / "explicit.txt"
    file.write_text(channel.put(PYTHON, TOOL))
    prefix = run_file(file_job(file, store.root, "made"), Silent()).prefix
    site_packages = prefix / "lib/python3.11/site-packages"
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(site_packages)}
    for command, printed, code in (("tool", "['a b', '-c']", 7), ("old-tool", "old ['a b', '-c']", 0)):
        done = subprocess.run(
            [prefix / "bin" / command, "a b", "-c"], capture_output=True, text=True, env=environ
        )
        assert (done.stdout.strip(), done.returncode) == (printed, code), done.stderr
    first = (prefix / "bin/perlish").read_bytes().partition(b"\n")[0]
    assert len(first) <= 127
    assert first.endswith(b"interpreter -x")
    assert verify(prefix).changed == ()


@pytest.mark.parametrize(
    ("version", "build", "said", "folder"),
    [
        ("3.11.9", "h1_0_cpython", None, "lib/python3.11/site-packages"),
        ("3.13.1", "h1_0_cp313t", None, "lib/python3.13t/site-packages"),
        ("3.14.0", "h1_0_cp314", None, "lib/python3.14/site-packages"),
        ("3.14.0", "h1_0_cp314", "lib/python3.14t/site-packages", "lib/python3.14t/site-packages"),
    ],
)
def test_noarch_packages_lie_where_that_python_looks(
    version: str, build: str, said: str | None, folder: str
) -> None:
    url = f"https://a.example/linux-64/python-{version}-{build}.conda"
    assert site_packages_of(locked_package(url, {"sha256": "0" * 64}, site_packages=said)) == folder


@pytest.mark.parametrize(
    ("build", "said"),
    [("0_73_pypy", None), ("h1_graalpy", None), ("h1_0_cp313", "../outside"), ("h1_0_cp313", "Lib/x")],
)
def test_a_python_that_is_not_known_is_refused(build: str, said: str | None) -> None:
    url = f"https://a.example/linux-64/python-3.9.18-{build}.conda"
    with pytest.raises(UnsuitableLockfile, match="not known here"):
        site_packages_of(locked_package(url, {"sha256": "0" * 64}, site_packages=said))


def _sha256(channel: Channel, name: str) -> str:
    return hashlib.sha256((channel.folder / f"noarch/{name}-1.0-0.conda").read_bytes()).hexdigest()
