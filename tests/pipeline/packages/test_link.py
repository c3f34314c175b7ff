"""Packages are linked as conda links them: prefixes, links, modes, and one tree for one lockfile."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from conda_store_labext.copies.verify import verify
from conda_store_labext.errors import UnsuitableLockfile
from conda_store_labext.pipeline.sharing import SharingTree
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.packages.conftest import Channel, Install
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


def _sha256(channel: Channel, name: str) -> str:
    return hashlib.sha256((channel.folder / f"noarch/{name}-1.0-0.conda").read_bytes()).hexdigest()
