"""What was changed is found, and nothing else is reported."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.copies.verify import Verification, verify
from conda_store_labext.errors import NotFound
from conda_store_labext.pipeline.rewrite import replace_binary, restored_binary
from conda_store_labext.store.records import StoredCopy

from .conftest import Brought

OLD = b"/opt/" + b"placehold_" * 20


@pytest.mark.slow
def test_a_real_environment(brought: Brought) -> None:
    build_id = brought.store.builds["minimal"]
    made: StoredCopy = brought.bring(build_id, "minimal")
    listed = {
        path["_path"]
        for record in (made.prefix / "conda-meta").glob("*.json")
        for path in json.loads(record.read_text())["paths_data"]["paths"]
    }
    # scripts whose first line conda-pack changed and files that hold the prefix included
    assert verify(made.prefix) == Verification(len(listed), (), (), ())

    python = made.prefix / "bin" / "python"
    imports = "import json, sysconfig, IPython; print(sysconfig.get_config_vars()['prefix'])"
    ran = subprocess.run([python, "-c", imports], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == str(made.prefix)
    assert verify(made.prefix).changed == ()

    texts = ("bin/pygmentize", "share/jupyter/kernels/python3/kernel.json")
    (library,) = made.prefix.glob("lib/python3.*/json/__init__.py")
    changed = sorted([*texts, str(library.relative_to(made.prefix))])
    for path in changed:
        with (made.prefix / path).open("a") as file:
            file.write("\n")
    gone = library.with_name("decoder.py")
    gone.unlink()
    found = verify(made.prefix)
    assert sorted(found.changed) == changed
    assert found.missing == (str(gone.relative_to(made.prefix)),)
    assert found.verified == len(listed) - len(changed) - 1


def record(prefix: Path, *entries: dict[str, str]) -> None:
    """Write the record of one package."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True, exist_ok=True)
    (meta / "one-1-0.json").write_text(json.dumps({"paths_data": {"paths": entries, "paths_version": 1}}))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_binary_with_the_path_in_it(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    original = b"\x7fELF\0" + OLD + b"/lib:" + OLD + b"/etc\0\0tail\xff\0" + OLD + b"\0end"
    entry = {"_path": "lib.so", "sha256": sha(original), "prefix_placeholder": OLD.decode()}
    record(prefix, entry | {"file_mode": "binary", "path_type": "hardlink"})
    file = prefix / "lib.so"
    file.write_bytes(original)
    with file.open("r+b") as data:
        assert replace_binary(data.fileno(), OLD, bytes(prefix))
    assert file.read_bytes() != original
    assert restored_binary(file.read_bytes(), bytes(prefix), OLD) == original
    assert verify(prefix) == Verification(1, (), (), ())
    file.write_bytes(file.read_bytes().replace(b"tail", b"tall"))
    assert verify(prefix).changed == ("lib.so",)


def test_links_folders_and_what_has_no_checksum(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    record(
        prefix,
        {"_path": "link", "path_type": "softlink", "sha256": sha(b"x")},
        {"_path": "dangling", "path_type": "softlink", "sha256": sha(b"x")},
        {"_path": "folder", "path_type": "hardlink", "sha256": sha(b"")},
        {"_path": "lib/__pycache__/a.cpython-311.pyc", "path_type": "pyc_file"},
        {"_path": "lib/__pycache__/b.cpython-311.pyc", "path_type": "pyc_file"},
        {"_path": "whole", "path_type": "hardlink", "sha256": sha(b"whole")},
    )
    (prefix / "folder").mkdir()
    (prefix / "lib/__pycache__").mkdir(parents=True)
    (prefix / "lib/__pycache__/a.cpython-311.pyc").write_bytes(b"compiled")
    (prefix / "whole").write_bytes(b"whole")
    (prefix / "link").symlink_to("whole")
    (prefix / "dangling").symlink_to("nowhere")
    (prefix / "unlisted.txt").write_text("somebody's own")
    unchecked = tuple(f"lib/__pycache__/{name}.cpython-311.pyc" for name in "ab")
    assert verify(prefix) == Verification(2, ("dangling", "folder"), (), unchecked)


def test_a_pyc_of_a_rewritten_text_may_be_made_anew(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    text, compiled = "lib/a.py", "lib/__pycache__/a.cpython-311.pyc"
    record(
        prefix,
        {"_path": text, "sha256": sha(OLD), "prefix_placeholder": OLD.decode(), "file_mode": "text"},
        {"_path": compiled, "sha256": sha(b"old")},
        {"_path": compiled.replace("a.", "b."), "sha256": sha(b"old")},
    )
    (prefix / "lib/__pycache__").mkdir(parents=True)
    (prefix / text).write_bytes(bytes(prefix))
    (prefix / compiled).write_bytes(b"new")
    (prefix / compiled.replace("a.", "b.")).write_bytes(b"new")
    assert verify(prefix) == Verification(1, (compiled.replace("a.", "b."),), (), (compiled,))


def test_records_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no conda-meta"):
        verify(tmp_path)
    record(tmp_path)
    (tmp_path / "conda-meta/two-1-0.json").write_text("{")
    assert verify(tmp_path).changed == ("conda-meta/two-1-0.json",)
