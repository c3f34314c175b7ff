"""conda-store by the interface of all providers, and a real conda prefix found on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from conda_store_labext.copies.services import Services
from conda_store_labext.errors import BuildFailed, Conflict, InvalidRequest, NotFound
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.packages import packages_of
from conda_store_labext.machine.places import Places
from conda_store_labext.machine.registry import MachineKernels
from conda_store_labext.models import CreateRequest, PackageManager
from tests.machine.test_kernels import told_by
from tests.stores import RunningStore


def same_folder(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


async def test_a_copy_is_launched_through_conda_store_and_as_a_conda_prefix(
    data_dir: Path, store: RunningStore, tmp_path: Path
) -> None:
    services = Services.from_environment()
    try:
        provider = services.provider("conda-store")
        rows = {row.key: row for row in provider.environments().environments}
        assert rows["default/minimal"].problem is None
        unsolvable = rows["default/unsolvable"].problem
        assert unsolvable
        assert unsolvable.code == "not_launchable"
        assert "python" in [package.name for package in provider.packages("default/minimal")]
        with pytest.raises(InvalidRequest):
            provider.register("default/minimal", "My name")

        (kernel,) = provider.register("default/minimal")
        (row,) = (row for row in provider.environments().environments if row.key == "default/minimal")
        assert row.kernels == (kernel,)
        assert row.prefix

        # the same folder, as if conda had made it
        folder = tmp_path / "envs"
        folder.mkdir()
        (folder / "real one").symlink_to(row.prefix)
        finder = Finder(Places((folder,), tmp_path, {}))
        (environment,) = finder.environments()[0]
        assert (environment.prefix.kind.value, environment.prefix.problem) == ("conda", None)
        assert environment.display_name.startswith("real one (conda, Python 3.")
        managers = {package.manager for package in packages_of(environment.path)}
        assert managers == {PackageManager.CONDA}
        (named,) = MachineKernels().register(environment)
        prefix, _, conda_prefix, first, _ = await told_by(named.name)
        assert [conda_prefix, first] == [str(environment.path), str(environment.path / "bin")]
        assert same_folder(prefix, row.prefix)

        assert provider.unregister("default/minimal") == (kernel.name,)
        assert kernel.name not in KernelSpecManager().find_kernel_specs()
    finally:
        services.close()


@pytest.mark.slow
def test_conda_store_makes_an_environment_from_a_file(
    data_dir: Path, store: RunningStore, tmp_path: Path
) -> None:
    services = Services.from_environment()
    (tmp_path / "environment.yml").write_text(
        "channels: [conda-forge]\ndependencies: [no-such-package-here]\n"
    )
    request = CreateRequest(str(tmp_path), "default/from-file", "environment.yml")
    lines: list[str] = []
    try:
        provider = services.provider("conda-store")
        with pytest.raises(Conflict):
            provider.create(
                CreateRequest(str(tmp_path), "default/minimal", "environment.yml"), print, lambda: None
            )
        with pytest.raises(NotFound):
            provider.create(CreateRequest(str(tmp_path), "default/other", "nothing.yml"), print, lambda: None)
        with pytest.raises(BuildFailed):
            provider.create(request, lines.append, lambda: None)
        assert any("no-such-package-here" in line for line in lines)
        provider.remove("default/from-file")
        assert "default/from-file" not in [row.key for row in provider.environments().environments]
    finally:
        services.close()
