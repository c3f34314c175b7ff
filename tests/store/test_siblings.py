"""Two builds of a real environment share their files, and what is done in one does not reach the other."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.copies.verify import verify
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.usage import Usage
from tests.wheels import make_wheel

from .conftest import Brought

pytestmark = pytest.mark.slow


@pytest.fixture
def siblings(brought: Brought, generations: tuple[int, int]) -> tuple[StoredCopy, StoredCopy]:
    """Two builds of one environment in one store, the second made beside the first."""
    first, second = (brought.bring(build_id, "pipped") for build_id in generations)
    return first, second


def state(prefix: Path) -> dict[str, tuple[int, int, str]]:
    """Return mode, mtime in ns and contents of everything below `prefix`; links count as their target."""
    states = {}
    for path in prefix.rglob("*"):
        status = path.lstat()
        if path.is_symlink():
            text = str(path.readlink())
        else:
            text = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        states[str(path.relative_to(prefix))] = (status.st_mode, status.st_mtime_ns, text)
    return states


def run(prefix: Path, *arguments: str | Path, cwd: Path | None = None) -> str:
    """Run the environment's Python, with nothing of this session in the way."""
    done = subprocess.run(
        [prefix / "bin" / "python", *arguments],
        env={"PATH": f"{prefix}/bin:/usr/bin:/bin", "HOME": str(prefix.parent), "PIP_NO_INDEX": "1"},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_most_is_shared(siblings: tuple[StoredCopy, StoredCopy]) -> None:
    first, second = siblings
    usage = Usage({"first": first.prefix, "second": second.prefix})
    more = usage.total - Usage({"first": first.prefix}).total
    assert more < 0.15 * usage.total
    for made in siblings:
        checked = verify(made.prefix)
        assert (checked.changed, checked.missing, checked.unchecked) == ((), (), ())


def test_what_is_done_in_one_leaves_the_other_as_it_was(
    siblings: tuple[StoredCopy, StoredCopy], tmp_path: Path
) -> None:
    first, second = (made.prefix for made in siblings)
    before = state(first)
    site = next(second.glob("lib/python3.*/site-packages"))
    linked = [path for path in (site / "comm").iterdir() if path.is_file() and path.stat().st_nlink > 1]
    assert linked, "what is replaced below must be shared before"
    pip = ("-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--no-input")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name, version in (("newcomer", "1.0"), ("newcomer", "2.0"), ("comm", "99.0")):
        make_wheel(wheels, name, version)
    find = ("--find-links", wheels, "--no-deps")

    run(second, "-c", "import json, sqlite3, IPython, ipykernel, setuptools, pip")
    run(second, *pip, "install", *find, "newcomer==1.0")
    run(second, *pip, "install", *find, "--upgrade", "newcomer", "comm")
    assert run(second, "-c", "import comm, newcomer; print(comm.VERSION, newcomer.VERSION)") == "99.0 2.0\n"
    run(second, *pip, "install", *find, "--force-reinstall", "comm")
    run(second, *pip, "uninstall", "-y", "newcomer", "comm", "packaging", "wheel")
    project = tmp_path / "project"
    (project / "edited").mkdir(parents=True)
    (project / "edited/__init__.py").write_text("")
    (project / "setup.py").write_text(
        "from setuptools import setup\nsetup(name='edited', packages=['edited'])"
    )
    run(second, *pip, "install", "--no-deps", "--no-build-isolation", "-e", project)
    run(second, "-m", "compileall", "-q", "-f", site / "pip")
    run(second, *pip, "uninstall", "-y", "edited", "setuptools")

    assert state(first) == before
    assert run(first, "-B", "-c", "import comm, packaging; print(comm.__file__)").startswith(str(first))


def test_python_replaces_a_compiled_file(
    siblings: tuple[StoredCopy, StoredCopy],
) -> None:
    """Archives of conda's own hold them compiled, and so they are linked: that must do no harm."""
    first, second = (made.prefix for made in siblings)
    run(first, "-c", "import this")
    (compiled,) = first.glob("lib/python3.*/__pycache__/this.*.pyc")
    contents = compiled.read_bytes()
    other = second / compiled.relative_to(first)
    other.parent.mkdir(exist_ok=True)
    other.unlink(missing_ok=True)
    other.hardlink_to(compiled)
    source = other.parents[1] / "this.py"
    source.unlink()
    source.write_text("print('another text')\n")
    assert run(second, "-c", "import this") == "another text\n"
    assert other.read_bytes() != contents
    assert compiled.read_bytes() == contents
