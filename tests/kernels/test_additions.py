"""Packages that a cell installs: beside the copy, at once and in the next kernel, whose ever the copy is."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.copies.prune import Policy, Pruner
from conda_store_labext.copies.verify import verify
from conda_store_labext.errors import HidesPackages, KernelRunning
from conda_store_labext.kernels import start
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.kernels.users import NOBODY, User, files, is_open, printed
from tests.wheels import offline


@pytest.fixture(params=["own", "shared", "in place"])
def of_origin(request: pytest.FixtureRequest, copy: StoredCopy) -> StoredCopy:
    """The copy as one's own, as that of a shared folder, and as conda-store's own folder."""
    return replace(copy, origin=request.param)


def test_what_a_cell_installs_is_beside_the_copy(
    of_origin: StoredCopy, tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, before = User(tmp_path / "home", wheels), files(of_origin.prefix)
    with user.kernel(of_origin, monkeypatch) as client:
        answer = printed(client, "%pip install alpha\nimport alpha, sys; print(alpha.__file__, sys.prefix)")
        assert f"{user.data}/conda-store-additions/v1/o/{of_origin.key}/lib" in answer, answer
        assert printed(client, "!alpha-command") == "1.0"
        printed(client, "!pip install --quiet gamma")
        assert printed(client, "import gamma; print(gamma.VERSION)") == "0.1"
        assert printed(client, "import site, sys; print(site.ENABLE_USER_SITE)") == "False"
        inside = (
            "import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', 'import beta']))"
        )
        assert printed(client, inside) == "b''"
    assert user.names(of_origin) == {"alpha": True, "beta": False, "gamma": True}
    with user.kernel(of_origin, monkeypatch) as client:
        assert printed(client, "import alpha, traitlets; print(alpha.VERSION)") == "1.0"
    assert files(of_origin.prefix) == before
    checked = verify(of_origin.prefix)
    assert (checked.changed, checked.missing) == ((), ())


def test_a_kernel_finds_what_is_no_module_in_the_copy_and_writes_nothing_there(
    copy: StoredCopy, tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User(tmp_path / "home", wheels)
    overlay = user.additions.overlays.of(copy).folder
    code = "import os, site, subprocess, sys, jupyter_core.paths as paths\n"
    started = "[sys.executable, '-c', 'import sys; print(sys.prefix)']"
    with user.kernel(copy, monkeypatch) as client:
        seen = printed(
            client,
            f"{code}print(sys.prefix, sys.exec_prefix, sys.executable, sep='\\n')\n"
            f"print(subprocess.check_output({started}, text=True))",
        )
        assert seen.split() == [*[str(copy.prefix)] * 2, str(overlay / "bin/python"), str(overlay)]
        places = printed(client, f"{code}print(paths.jupyter_path('nbconvert'), paths.jupyter_config_path())")
        for place in (overlay, copy.prefix):
            assert f"{place}/share/jupyter/nbconvert" in places
            assert f"{place}/etc/jupyter" in places
        sites = printed(client, f"{code}print(*site.getsitepackages(), sep='\\n')").split()
        assert {str(overlay), str(copy.prefix)} == {str(Path(place).parents[2]) for place in sites}
        inside = "from pip._internal.cli.main import main; main(['install', 'gamma'])"
        if printed(client, "import importlib.util; print(importlib.util.find_spec('pip').origin)").startswith(
            str(copy.prefix)
        ):
            assert "virtualenv" in printed(client, inside)
    assert user.names(copy) == {}
    assert verify(copy.prefix).changed == ()


def test_uv_keeps_to_the_versions_of_the_copy(
    copy: StoredCopy, tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not uv:
        pytest.skip("uv is not here")
    user = User(tmp_path / "home", wheels)
    (user.home / "bin").mkdir()
    (user.home / "bin/uv").symlink_to(uv)
    with user.kernel(copy, monkeypatch) as client:
        printed(client, "!uv pip install gamma beta")
        assert printed(client, "import gamma, beta; print(gamma.VERSION, beta.VERSION)") == "0.1 2.5"
        # the only traitlets that the index has is not the copy's
        assert "traitlets" in printed(client, "!uv pip install alpha")
    assert user.names(copy) == {"gamma": True, "beta": True}
    assert verify(copy.prefix).changed == ()


def test_a_newer_version_hides_that_of_the_copy_and_is_said_to(
    copy: StoredCopy, tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User(tmp_path / "home", wheels)
    monkeypatch.setattr(os, "environ", {**os.environ, **offline(wheels)})
    lines: list[str] = []
    with pytest.raises(HidesPackages, match=r"would hide traitlets 5\.[\d.]+ of the environment by 99\.0"):
        user.additions.install(copy.key, ["traitlets>=99"], lines.append, lambda: None)
    assert user.additions.of(copy).additions == ()
    user.additions.install(copy.key, ["traitlets>=99"], lines.append, lambda: None, hide=True)
    (added,) = user.additions.of(copy).additions
    assert (added.name, added.version, added.requested) == ("traitlets", "99.0", True), lines
    assert added.hides.startswith("5.")
    user.additions.discard(copy.key)
    assert user.additions.of(copy).additions == ()
    with user.kernel(copy, monkeypatch) as client:
        assert printed(client, "import traitlets; print(traitlets.__version__)") == added.hides
    assert verify(copy.prefix).changed == ()


def test_users_of_one_copy_do_not_see_each_other(
    copy: StoredCopy, open_folder: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ordinary users where the tests run as root, which may write everywhere."""
    root = os.getuid() == 0 and is_open(Path(start.__file__))
    number = NOBODY if root else None
    ada, bob = (
        User(open_folder / name, wheels, number and number - at) for at, name in enumerate(("ada", "bob"))
    )
    shared = replace(copy, origin="shared")
    with ada.kernel(shared, monkeypatch) as hers, bob.kernel(shared, monkeypatch) as his:
        answer = printed(
            hers, "import os; print(os.getuid(), os.access(os.environ['CONDA_PREFIX'], os.W_OK))"
        )
        assert not root or answer == f"{NOBODY} False"
        assert "beta" in printed(hers, "%pip install beta")
        assert "gamma" in printed(his, "%pip install gamma")
        assert printed(hers, "import beta; print(beta.VERSION)") == "2.5"
        assert printed(his, "import gamma; print(gamma.VERSION)") == "0.1"
    assert list(ada.names(copy)) == ["beta"]
    assert list(bob.names(copy)) == ["gamma"]
    assert not (open_folder / "ada/.local").exists()
    assert verify(copy.prefix).changed == ()


def test_settings_give_the_user_site_back_and_switch_overlays_off(
    copy: StoredCopy, tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User(tmp_path / "home", wheels)
    code = "import site, sys; print(site.ENABLE_USER_SITE, sys.executable.startswith(sys.prefix))"
    with user.kernel(copy, monkeypatch, CONDA_STORE_LABEXT_USER_SITE="1") as client:
        assert printed(client, code) == "True False"
    with user.kernel(copy, monkeypatch, CONDA_STORE_LABEXT_ADDITIONS="0") as client:
        assert printed(client, code) == "False True"


def test_pruning_takes_the_additions_along_unless_they_are_kept_or_run(
    copy: StoredCopy, tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, mine = User(tmp_path / "home", wheels), EnvironmentStore(tmp_path / "mine")
    shutil.copytree(copy.prefix.parents[1], mine.home, symlinks=True)
    (own,) = mine.list()
    overlays = user.additions.overlays
    with user.kernel(own, monkeypatch) as client:
        printed(client, "%pip install gamma")
        with pytest.raises(KernelRunning):
            overlays.remove(own.key)
        assert user.names(own) == {"gamma": True}
    pruner = Pruner(mine, KernelspecRegistry(user.data / "kernels"), overlays)
    user.additions.keep(own.key, tmp_path)
    assert pruner.prune(Policy(keep_size=0)).removed
    (left,) = user.additions.list()
    assert (left.kept_for, [addition.name for addition in left.additions]) == (str(tmp_path), ["gamma"])
    shutil.copytree(copy.prefix.parents[1], mine.home, symlinks=True, dirs_exist_ok=True)
    user.additions.keep(own.key, None)
    assert pruner.prune(Policy(keep_size=0)).removed
    assert user.additions.list() == ()
