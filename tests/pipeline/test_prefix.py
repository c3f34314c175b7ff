"""The prefix: as conda-unpack would write it, only faster and never beyond the environment."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import conda_pack
import pytest
from conda_pack.prefixes import replace_prefix
from hypothesis import given
from hypothesis import strategies as st

from conda_store_labext.errors import BadArchive, PrefixTooLong, UnsafeArchive
from conda_store_labext.pipeline import rewrite
from conda_store_labext.pipeline.archive import extract
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.prefix import fix_prefix, kernels
from conda_store_labext.pipeline.rewrite import replace_binary, replace_text
from conda_store_labext.pipeline.tree import Tree

from .archives import MTIME, PLACEHOLDER, chunked, make_prefix, member, pack, script, snapshot, tar

# longer than `new`, overlapping itself, and often found
OLD, NEW = "/ab/ab", "/a"
PIECES = st.lists(
    st.sampled_from([OLD.encode(), b"/ab", b"/", b"a", b"\0", b"\0\0", b"xyz"]), max_size=30
).map(b"".join)


def bring(root: Path, plain: bytes, final: Path, limits: Limits | None = None) -> int:
    """Extract a plain tar into `root` and make it fit for `final`; return how many files changed."""
    root.mkdir()
    with Tree(root) as tree:
        extracted = extract(chunked(plain, 5000), tree, Limits())
        return fix_prefix(tree, final, extracted.absolute_links, limits or Limits())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return pack(tmp_path_factory.mktemp("plain"), "tar")


def test_byte_for_byte_what_conda_unpack_makes(tmp_path: Path, plain: bytes) -> None:
    final = tmp_path / "final"
    assert bring(tmp_path / "ours", plain, final) == 7
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        archive.extractall(final, filter="tar")
    subprocess.run([sys.executable, final / "bin" / "conda-unpack"], check=True)
    ours, theirs = snapshot(tmp_path / "ours"), snapshot(final)
    different = {
        path for path in ours | theirs if ours.get(path, (0, b""))[1] != theirs.get(path, (0, b""))[1]
    }
    assert different == {"bin/python3-config"}  # conda-unpack leaves its own interpreter's files alone
    text = (tmp_path / "ours" / "bin" / "python3-config").read_text()
    assert text == f"#!/bin/sh\nprefix={final}\n"


def test_no_placeholder_is_left(tmp_path: Path, plain: bytes) -> None:
    final = tmp_path / "final"
    bring(final, plain, final)
    for path in final.rglob("*"):
        if path.is_file() and path.name not in ("conda-unpack", "demo-1.0-0.json"):
            assert PLACEHOLDER.encode() not in path.read_bytes(), path
    assert (final / "bin/demo").read_bytes().startswith(b"#!/usr/bin/env python -s\n")
    assert (final / "bin/twice").read_text() == f"#!{final}/bin/sh\nexec {final}/bin/demo\n"
    assert (final / "unmanaged.txt").read_text() == f"built at {final}\n"


def test_changed_files_look_changed_and_others_do_not(tmp_path: Path, plain: bytes) -> None:
    began = time.time() - 1
    bring(tmp_path / "env", plain, tmp_path / "env")
    packages = tmp_path / "env" / "lib" / "python3.11" / "site-packages"
    assert (packages / "demo.py").stat().st_mtime > began
    assert int((packages / "other.py").stat().st_mtime) == MTIME


@pytest.mark.parametrize(("length", "fits"), [(255, True), (256, False)])
def test_the_longest_prefix(tmp_path: Path, plain: bytes, length: int, fits: bool) -> None:
    final = Path("/" + "f" * (length - 1))
    if fits:
        assert bring(tmp_path / "env", plain, final) == 7
        library = (tmp_path / "env" / "lib" / "libdemo.so").read_bytes()
        assert str(final).encode() + b"/lib:" + str(final).encode() + b"/etc\0\0tail" in library
        return
    with pytest.raises(
        PrefixTooLong, match="has 256 bytes, but this environment was built for at most 255; configure"
    ):
        bring(tmp_path / "env", plain, final)


@given(before=PIECES, new=st.sampled_from([NEW, OLD, "/zzzz/"]))
def test_binary_as_conda_pack_does_it(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, new: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "binary"
    expected = replace_prefix(before, "binary", OLD, new)
    assert _replaced(file, before, replace_binary, new) == expected


@given(
    before=PIECES, new=st.sampled_from([NEW, OLD, "/something/longer", "/ab/ab/ab"]), step=st.integers(1, 9)
)
def test_text_as_conda_pack_does_it(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, new: str, step: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "text"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rewrite, "STEP", step)  # what is moved has to take several steps
        assert _replaced(file, before, replace_text, new) == replace_prefix(before, "text", OLD, new)


def _replaced(file: Path, before: bytes, replace: rewrite.Replace, new: str) -> bytes:
    file.write_bytes(before)
    fd = os.open(file, os.O_RDWR)
    try:
        changed = replace(fd, OLD.encode(), new.encode())
    finally:
        os.close(fd)
    after = file.read_bytes()
    assert changed or after == before
    return after


OLD_PREFIX = "/opt/old"


@pytest.mark.parametrize(
    ("records", "error"),
    [
        ([("../outside", OLD_PREFIX, "text")], UnsafeArchive),
        ([("/etc/passwd", OLD_PREFIX, "text")], UnsafeArchive),
        ([("link", OLD_PREFIX, "text")], UnsafeArchive),
        ([("out", OLD_PREFIX, "text")], UnsafeArchive),
        ([("folder", OLD_PREFIX, "text")], UnsafeArchive),
        ([("nothing", OLD_PREFIX, "text")], UnsafeArchive),
        ([("through/file", OLD_PREFIX, "text")], UnsafeArchive),
        ([("file", "", "text")], UnsafeArchive),
        ([("file", "/", "text")], UnsafeArchive),
        ([("file", "relative", "text")], UnsafeArchive),
        ([("file", "/a\0b", "binary")], UnsafeArchive),
        ([("file", OLD_PREFIX, "other")], BadArchive),
        ([("file", OLD_PREFIX)], BadArchive),
        ([("file", OLD_PREFIX, 7)], BadArchive),
    ],
)
def test_hostile_records(tmp_path: Path, records: list[tuple[str, str, str]], error: type[Exception]) -> None:
    outside = tmp_path / "outside"
    outside.write_text(OLD_PREFIX)
    members = [
        member("file", OLD_PREFIX.encode()),
        member("folder/file", OLD_PREFIX.encode()),
        member("link", type=tarfile.SYMTYPE, linkname="file"),
        member("through", type=tarfile.SYMTYPE, linkname="folder"),
    ]
    with pytest.raises(error, match=r"; (it was refused|rebuild)"):
        bring(tmp_path / "env", tar(*members, script(*records)), tmp_path / "final")
    assert outside.read_text() == OLD_PREFIX


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n_prefix_records = [\n",
        "\n_prefix_records = [\n__import__('os').abort()\n]\n",
        "\n_prefix_records = [\n('file', '/opt/old', open('/tmp/x'))\n]\n",
        "\n_prefix_records = [\n" + "(" * 100_000 + "\n]\n",
        "\n_prefix_records = [\n('file', '/opt/old', 'te\\xt')\n]\n",
    ],
)
def test_a_list_that_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadArchive, match="cannot be read; rebuild"):
        bring(
            tmp_path / "env",
            tar(member("file"), member("bin/conda-unpack", text.encode())),
            tmp_path / "final",
        )


def test_no_list_at_all(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="holds no bin/conda-unpack"):
        bring(tmp_path / "env", tar(member("file")), tmp_path / "final")


def test_an_oversized_list(tmp_path: Path) -> None:
    with pytest.raises(UnsafeArchive, match="oversized list"):
        bring(tmp_path / "env", tar(member("file"), script()), tmp_path / "final", Limits(records=20))


def test_names_that_need_escapes(tmp_path: Path) -> None:
    name = 'it\'s a "quoted" näme\n'
    plain = tar(member(name, b"/opt/old"), script((name, OLD_PREFIX, "text")))
    assert bring(tmp_path / "env", plain, tmp_path / "final") == 1
    assert (tmp_path / "env" / name).read_text() == str(tmp_path / "final")


def test_a_hard_linked_file_is_changed_once(tmp_path: Path) -> None:
    second = member("b", type=tarfile.LNKTYPE, linkname="a")
    records = script(("a", OLD_PREFIX, "text"), ("b", OLD_PREFIX, "text"))
    bring(tmp_path / "env", tar(member("a", b"/opt/old/x"), second, records), Path("/opt/old/er"))
    assert (tmp_path / "env" / "a").read_text() == "/opt/old/er/x"


def test_the_records_of_a_path_with_two_owners_do_no_harm(tmp_path: Path) -> None:
    """One package has a text there and the other a binary, a link, or a text of another prefix."""
    binary = b"\x7fELF\0/opt/old/lib\0tail\0"
    members = [
        *(member("binary", OLD_PREFIX.encode()), member("binary", binary)),
        *(member("text", binary), member("text", OLD_PREFIX.encode())),
        *(member("link", OLD_PREFIX.encode()), member("link", type=tarfile.SYMTYPE, linkname="text")),
        *(member("absolute", b"x"), member("absolute", type=tarfile.SYMTYPE, linkname="/opt/old/text")),
    ]
    both = [(name, OLD_PREFIX, mode) for name in ("binary", "text", "link") for mode in ("text", "binary")]
    bring(tmp_path / "env", tar(*members, script(*both)), Path("/new"))
    assert (tmp_path / "env/binary").read_bytes() == b"\x7fELF\0/new/lib\0\0\0\0\0tail\0"
    assert (tmp_path / "env/text").read_bytes() == b"/new"
    assert str((tmp_path / "env/link").readlink()) == "text"
    assert str((tmp_path / "env/absolute").readlink()) == "text"


def test_what_conda_pack_makes_of_two_packages_that_own_one_path(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path)
    first = json.loads((prefix / "conda-meta/demo-1.0-0.json").read_text())
    package = tmp_path / "pkgs/rival-1.0-0"
    shutil.copytree(tmp_path / "pkgs/demo-1.0-0", package, symlinks=True)
    record = first | {"name": "rival", "link": {"source": str(package), "type": 1}}
    (prefix / "conda-meta/rival-1.0-0.json").write_text(json.dumps(record))
    # as rattler's linker leaves what lost
    lost = prefix / "__clobbers__/rival/lib/python3.11/site-packages/other.py"
    lost.parent.mkdir(parents=True)
    lost.hardlink_to(prefix / "lib/python3.11/site-packages/other.py")
    conda_pack.pack(prefix=str(prefix), output=str(tmp_path / "packed.tar"), ignore_missing_files=True)
    packed = (tmp_path / "packed.tar").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        names = archive.getnames()
        assert len(names) > len(set(names)), "there is nothing twice in it"
    final = tmp_path / "final"
    bring(final, packed, final)
    assert (final / "lib/libdemo.so.1").readlink() == Path("libdemo.so")
    assert (final / "etc/demo.conf").read_text() == f"root = {final}\nlibs = {final}/lib:{final}/lib64\n"
    assert (final / "lib/python3.11/site-packages/other.py").read_text() == "X = 1\n"


@pytest.mark.parametrize(
    ("target", "becomes"),
    [
        (OLD_PREFIX, "../.."),
        (OLD_PREFIX + "/lib/x", "../../lib/x"),
        (OLD_PREFIX + "/pkgs/never-packed/x", "../../pkgs/never-packed/x"),
        ("/etc/passwd", None),
        (OLD_PREFIX + "er/x", None),
        (OLD_PREFIX + "/../x", None),
    ],
)
def test_absolute_symlinks(tmp_path: Path, target: str, becomes: str | None) -> None:
    link = member("a/b/link", type=tarfile.SYMTYPE, linkname=target)
    plain = tar(link, member("file", b"x"), script(("file", OLD_PREFIX, "text")))
    if becomes is None:
        with pytest.raises(UnsafeArchive, match="leads out of its folder"):
            bring(tmp_path / "env", plain, tmp_path / "final")
        return
    bring(tmp_path / "env", plain, tmp_path / "final")
    assert str((tmp_path / "env" / "a" / "b" / "link").readlink()) == becomes


def test_kernels(tmp_path: Path, plain: bytes) -> None:
    final = tmp_path / "final"
    bring(final, plain, final)
    folder = final / "share" / "jupyter" / "kernels"
    for name, text in {
        "bad": "{",
        "list": "[]",
        "none": '{"argv": []}',
        "r": '{"argv": ["R"], "language": "R"}',
    }.items():
        (folder / name).mkdir()
        (folder / name / "kernel.json").write_text(text)
    demo, other = kernels(final)
    assert (demo.name, other.name) == ("demo", "r")
    assert demo.spec["argv"] == [f"{final}/bin/demo", "{connection_file}"]
    assert demo.resource_dir == folder / "demo"
    assert json.loads((demo.resource_dir / "kernel.json").read_text()) == demo.spec
    assert kernels(tmp_path / "nowhere") == []
