"""A lockfile that wants more of the machine than it has is refused before anything is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.errors import UnsuitableLockfile
from conda_store_labext.pipeline.packages.local_file import file_job
from conda_store_labext.pipeline.packages.locked import LockedPackage, locked_package
from conda_store_labext.pipeline.packages.virtual import require_machine


def wanting(*depends: str) -> list[LockedPackage]:
    """Return a package that depends on these."""
    url = "https://a.example/noarch/x-1-0.conda"
    return [locked_package(url, {"sha256": "0" * 64}, depends=depends)]


@pytest.mark.parametrize(
    ("depends", "override", "message"),
    [
        ("__glibc >=2.99", {}, r"x 1 needs __glibc >=2\.99, but this machine has "),
        ("__cuda >=12", {"CONDA_OVERRIDE_CUDA": ""}, "but this machine has no __cuda"),
        ("__cuda >=12", {"CONDA_OVERRIDE_CUDA": "11.8"}, r"but this machine has __cuda 11\.8"),
        ("__win", {}, "but this machine has no __win"),
    ],
)
def test_what_the_machine_lacks_is_said(
    depends: str, override: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in override.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnsuitableLockfile, match=message):
        require_machine(wanting(depends))


@pytest.mark.parametrize(
    ("depends", "override"),
    [
        ("__glibc >=2.99", {"CONDA_OVERRIDE_GLIBC": "2.99"}),
        ("__glibc >=2.17,<3.0.a0", {"CONDA_OVERRIDE_GLIBC": "2.36"}),
        ("__archspec ==1 x86_64", {}),
        ("__archspec 1 skylake", {}),
        ("__unix", {}),
        ("__linux >=4", {"CONDA_OVERRIDE_LINUX": "6.1.0"}),
        ("__something_new >=3", {}),
        ("python >=3.99", {}),
    ],
)
def test_what_it_has_or_nobody_can_tell_is_no_hindrance(
    depends: str, override: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in override.items():
        monkeypatch.setenv(name, value)
    require_machine(wanting(depends))


def test_a_lockfile_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    file = tmp_path / "conda-lock.yml"
    file.write_text(
        '{"version": 1, "package": [{"name": "x", "manager": "conda", "platform": "linux-64", '
        '"url": "https://a.example/noarch/x-1-0.conda", "hash": {"sha256": "' + "0" * 64 + '"}, '
        '"dependencies": {"__glibc": ">=2.99"}}]}'
    )
    with pytest.raises(UnsuitableLockfile, match=r"needs __glibc >=2\.99"):
        file_job(file, tmp_path / "store")
