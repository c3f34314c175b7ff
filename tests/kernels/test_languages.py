"""Kernels of R and of bash beside Python's, from one environment that the real conda-store built."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel

from conda_store_labext.copies.promotion import lines_of
from conda_store_labext.copies.services import Services
from conda_store_labext.local.channel import wheel
from conda_store_labext.local.channel.package import Member, write_package
from conda_store_labext.local.channel.repodata import write_index
from conda_store_labext.local.channel.server import serve
from conda_store_labext.models import LocalCopy
from conda_store_labext.models.platform import NOARCH, this_platform
from conda_store_labext.models.reference import Reference
from conda_store_labext.on_demand.specs import OnDemandKernels
from conda_store_labext.on_demand.sync import KernelSync, SyncPolicy
from tests.kernels import debian_r
from tests.stores import PATIENCE, RunningStore, ended

ACTIVATE = 'export TOOL_HOME="$CONDA_PREFIX/tool"\n'
ENVIRONMENT = "languages"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A channel with R from Debian's packages and bash's kernel from its wheels."""
    folder = tmp_path_factory.mktemp("languages")
    missing = debian_r.why_not(folder / "debian")
    if missing:
        pytest.skip(missing)
    records = [debian_r.write_r(folder / "channel", folder / "debian")]
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(wheels)]
    subprocess.run([*pip, "bash_kernel", "filetype"], check=True, timeout=PATIENCE)
    read = {package.project: package for package in map(wheel.read_wheel, wheels.glob("*.whl"))}
    for package in read.values():
        members = list(wheel.members(package))
        if package.project == "bash-kernel":
            # as its installer does, and conda-forge's recipe
            spec = {
                "argv": ["python", "-m", "bash_kernel", "-f", "{connection_file}"],
                "display_name": "Bash",
                "language": "bash",
            }
            members.append(Member("share/jupyter/kernels/bash/kernel.json", json.dumps(spec).encode()))
            members.append(Member("etc/conda/activate.d/tool.sh", ACTIVATE.encode()))
        recipe = wheel.recipe(package, this_platform(), read)
        recipe = replace(recipe, build=f"{recipe.build}_{time.time_ns()}")
        records.append(write_package(folder / "channel", recipe, members))
    write_index(folder / "channel", (this_platform(), NOARCH), records)
    server = serve(folder / "channel", 0)
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="module")
def build_id(channel: str, store: RunningStore) -> int:
    """A build of an environment with three kernels."""
    packages = ["python", "ipykernel", "bash-kernel", "r-irkernel"]
    specification = {"name": ENVIRONMENT, "channels": [channel, "conda-forge"], "dependencies": packages}
    build = ended(store, store.client().create_build("default", json.dumps(specification)))
    assert build.launchable, store.client().log(build.id)[-3000:]
    return build.id


@pytest.fixture
def here(build_id: int, data_dir: Path) -> LocalCopy:
    """The environment, pulled."""
    manager = Services.from_environment().manager
    try:
        return manager.wait(manager.start(Reference("default", ENVIRONMENT, build_id)).key)
    finally:
        manager.close()


def printed(kernel: str, code: str) -> str:
    """Start a kernel by its name, run code on it and return what it printed."""
    manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=PATIENCE)
    texts: list[str] = []
    try:
        client.execute_interactive(
            code,
            timeout=PATIENCE,
            output_hook=lambda message: texts.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return "".join(texts)


def test_every_language_runs_in_the_environment(here: LocalCopy, store: RunningStore) -> None:
    prefix = str(here.prefix)
    assert [kernel.language for kernel in here.kernels] == ["python", "bash", "R"]
    python, bash, r = (kernel.name for kernel in here.kernels)
    answer = printed(
        r, 'cat(R.home(), Sys.getenv("CONDA_PREFIX"), Sys.getenv("CONDA_DEFAULT_ENV"), sum(1:10))'
    )
    assert answer.split() == [f"{prefix}/lib/R", prefix, prefix, "55"]
    answer = printed(bash, 'echo $CONDA_PREFIX "$TOOL_HOME" $(command -v R)')
    assert answer.split() == [prefix, f"{prefix}/tool", f"{prefix}/bin/R"]
    assert prefix in printed(python, "import sys; print(sys.base_prefix)")
    kept = KernelSpecManager().get_kernel_spec(python)
    assert kept.metadata["debugger"] is True
    assert kept.argv[0].startswith(prefix), "the copy is seen to be in use as soon as the kernel starts"

    # one kernel that fetches itself speaks the language that the environment was listed for
    policy = SyncPolicy(namespaces=("default",), packages=("r-irkernel",))
    KernelSync(store.client(), OnDemandKernels(), policy).all()
    (synced,) = OnDemandKernels().list()
    assert synced.language == "R"
    assert printed(synced.name, "cat(1+1)").strip() == "2"


def test_what_r_installs_is_beside_the_copy_and_there_for_the_next_kernel(
    here: LocalCopy, tmp_path: Path
) -> None:
    package = tmp_path / "praise"
    (package / "R").mkdir(parents=True)
    fields = ("Package: praise", "Version: 1.0.0", "Title: Praise", "Description: Praises.", "License: BSD")
    (package / "DESCRIPTION").write_text("\n".join((*fields, "")))
    (package / "NAMESPACE").write_text("export(praise)\n")
    (package / "R/praise.R").write_text('praise <- function() "well done"\n')
    library = Path(here.prefix or "") / "lib/R/library"
    before = sorted(path.name for path in library.iterdir())
    (r,) = (kernel.name for kernel in here.kernels if kernel.language == "R")
    install = f'install.packages("{package}", repos = NULL, type = "source", quiet = TRUE)'
    told = printed(r, f"{install}; cat(praise::praise(), .libPaths(), R.version$major, sep = '\\n')")
    assert "well done" in told, told

    own = Services.from_environment()
    (listing,) = own.additions.list()
    (added,) = listing.additions
    assert (added.name, added.version, added.manager) == ("praise", "1.0.0", "r")
    first, *others = told.splitlines()[told.splitlines().index("well done") + 1 :]
    assert first == f"{listing.prefix}/lib/R/library", "it is looked into first"
    assert str(library) in others
    assert sorted(path.name for path in library.iterdir()) == before, "the copy stays as it was"
    assert "well done" in printed(r, "library(praise); cat(praise())")
    assert lines_of(listing, by_conda=True).conda == ("r-praise >=1.0.0",)

    own.additions.discard(listing.key)
    assert own.additions.list() == ()
    assert "FALSE" in printed(r, 'cat(requireNamespace("praise", quietly = TRUE))')
