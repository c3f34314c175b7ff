"""Changed files are found, and nothing else is reported."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from conda_store_labext.copies.verify import Verification, verify
from conda_store_labext.errors import NotFound
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.pipeline import Pipeline
from conda_store_labext.pipeline.rewrite import replace_binary, restored_binary
from conda_store_labext.store.layout import checksums_of
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import gz, member, script, tar

from .conftest import Brought
from .test_sharing import Body

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
    built = verify(made.prefix)
    assert built == Verification(built.verified, (), (), ())
    assert built.verified > len(listed), "what no package brought is looked at too"

    # by the packages' records alone, scripts whose first line was changed and files with the prefix included
    checksums_of(made.prefix).unlink()
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
    verdict = verify(made.prefix)
    assert sorted(verdict.changed) == changed
    assert verdict.missing == (str(gone.relative_to(made.prefix)),)
    assert verdict.verified == len(listed) - len(changed) - 1


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


def published(folder: Path, *members: tuple[tarfile.TarInfo, bytes], packages: dict[str, bytes]) -> Path:
    """Return the prefix of a copy of an archive whose packages brought the files in `packages`."""
    entries = [{"_path": path, "sha256": sha(data)} for path, data in packages.items()]
    text = json.dumps({"paths_data": {"paths": entries, "paths_version": 1}}).encode()
    more = (member("conda-meta/one-1-0.json", text), script(("etc/x.conf", "/opt/old", "text")))
    archive = tar(member("etc/x.conf", b"root=/opt/old"), *members, *more)
    build = BuildRef("http://server", "default", "demo", 1)
    store = EnvironmentStore(folder)
    return Pipeline(store, lambda offset, validator: Body(gz(archive))).run(build).prefix


def test_what_pip_replaced_during_the_build_is_what_was_built(tmp_path: Path) -> None:
    library = "lib/python3.11/site-packages/a.py"
    members = [
        member(library, b"of pip"),
        member("hard", linkname=library, type=tarfile.LNKTYPE),
        member("bin/tool", b"#!/opt/old/bin/python"),
        member("link", linkname=library, type=tarfile.SYMTYPE),
    ]
    brought = {library: b"of conda", "never/packed": b"x"}
    prefix = published(tmp_path, *members, packages=brought)
    untouched = verify(prefix)
    assert untouched == Verification(untouched.verified, (), (), ())
    assert untouched.verified >= len(("library", "hard", "tool", "configuration", "record", "script"))
    for path in (library, "bin/tool"):
        (prefix / path).write_bytes(b"edited")
    (prefix / "etc/x.conf").unlink()
    (prefix / "new").write_text("somebody's own")
    after = verify(prefix)
    assert after.changed == tuple(sorted(("bin/tool", "hard", library)))
    assert after.missing == ("etc/x.conf",)
    (prefix / "link").unlink()
    (prefix / "link").symlink_to("elsewhere")
    (prefix / library).write_bytes(b"of conda")
    changed = set(verify(prefix).changed)
    assert {"hard", "link", library} <= changed, "it is no longer what was built, whatever its package has"


def test_in_place_pips_own_record_tells_what_it_replaced(tmp_path: Path) -> None:
    library = "lib/python3.11/site-packages/a.py"
    record(tmp_path, {"_path": library, "sha256": sha(b"of conda")})
    info = tmp_path / "lib/python3.11/site-packages/a-2.dist-info"
    info.mkdir(parents=True)
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"of pip").digest()).decode().rstrip("=")
    (info / "RECORD").write_text(f"a.py,sha256={digest},6\na-2.dist-info/RECORD,,\n")
    (tmp_path / library).write_bytes(b"of pip")
    assert verify(tmp_path) == Verification(1, (), (), ())
    (tmp_path / library).write_bytes(b"edited")
    assert verify(tmp_path).changed == (library,)
