"""What is added leaves what the environment has, what else a namespace has, and what was added before."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.copies.verify import verify
from conda_store_labext.errors import HidesPackages
from conda_store_labext.store.records import StoredCopy
from tests.kernels.users import User, printed
from tests.wheels import make_wheel, offline


@pytest.fixture
def own_wheels(open_folder: Path, tmp_path: Path) -> Path:
    """Wheels of two packages of one namespace, and of one that any traitlets, or a newer one, satisfies."""
    folder = tmp_path / "wheels"
    make_wheel(folder, "azure_core", "1.0", module="azure.core")
    make_wheel(folder, "azure_identity", "1.0", ("azure-core",), module="azure.identity")
    make_wheel(folder, "fits", "1.0", ("traitlets>=5",))
    make_wheel(folder, "fits", "2.0", ("traitlets>=5",))
    make_wheel(folder, "newer", "1.0", ("traitlets>=99",))
    make_wheel(folder, "traitlets", "99.0")
    return folder


@pytest.fixture
def user(tmp_path: Path, wheels: Path, own_wheels: Path) -> User:
    """Somebody whose index has these wheels, on a hub that sets pip's variables for everybody."""
    user = User(tmp_path / "home", wheels)
    user.environ |= {**offline(own_wheels), "PIP_PREFIX": "/nowhere"}
    return user


def test_what_satisfies_stays_and_what_would_hide_something_is_asked_about(
    copy: StoredCopy, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in user.environ.items():
        if name.startswith(("PIP_", "UV_")):
            monkeypatch.setenv(name, value)
    with user.kernel(copy, monkeypatch) as client:
        printed(client, "%pip install fits==1.0")
        printed(client, "%pip install --upgrade fits")
        assert user.names(copy) == {"fits": True}
        assert printed(client, "!python -c 'import fits; print(fits.VERSION)'") == "2.0"
        overlay = user.additions.overlays.of(copy).folder
        which = "import shutil; print(*map(shutil.which, ('python', 'pip', 'ipython')))"
        assert printed(client, which).split() == [
            *(f"{overlay}/bin/{name}" for name in ("python", "pip")),
            f"{copy.prefix}/bin/ipython",
        ]
        assert "UV_CONSTRAINT" in printed(client, "import os; print(sorted(os.environ))")
        user.additions.install(copy.key, ["fits"], print, lambda: None)
        with pytest.raises(HidesPackages, match=r"Adding newer would hide traitlets 5[\d.]+ .* by 99\.0"):
            user.additions.install(copy.key, ["newer"], print, lambda: None)
        assert user.names(copy) == {"fits": True}
        user.additions.install(copy.key, ["newer"], print, lambda: None, hide=True)
    added = {addition.name: addition for addition in user.additions.of(copy).additions}
    assert set(added) == {"fits", "newer", "traitlets"}
    assert added["traitlets"].hides.startswith("5")
    assert added["fits"].modules == ("fits",)
    assert verify(copy.prefix).changed == ()


def test_packages_of_one_namespace_lie_side_by_side_where_the_overlay_is(
    copy: StoredCopy, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "import azure.core, azure.identity; print(azure.core.__file__, azure.identity.__file__)"
    with user.kernel(copy, monkeypatch) as client:
        printed(client, "%pip install azure-core")
        printed(client, "%pip install azure-identity")
        folders = {str(Path(path).parents[2]) for path in printed(client, where).split()}
        overlay = user.additions.overlays.of(copy).folder
        assert len(folders) == 1
        assert folders.pop().startswith(f"{overlay}/lib")
        printed(client, "%pip uninstall --yes azure-core")
    assert user.names(copy) == {"azure_identity": True}
    with user.kernel(copy, monkeypatch) as client:
        assert printed(client, "import azure.identity; print(azure.identity.VERSION)") == "1.0"
        assert printed(client, "import importlib.util as u; print(u.find_spec('azure.core'))") == "None"
