"""Findings about Jupyter here: kernels, what else manages them, and whether Jupyter's programs find ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from ..copies.check import machine_findings
from ..copies.services import Services
from ..models.findings import Finding, note, ok, problem
from .config_files import configured
from .settings import SETTINGS, effective_value

EXTENSION = "conda_store_labext"
EXTENSION_PLACES = (
    ("jupyter_config", "ServerApp"),
    ("jupyter_server_config", "ServerApp"),
)
REPLACED = ("nb-conda-store-kernels", "jupyterlab-conda-store")


def findings(services: Services) -> Iterator[Finding]:
    """Yield every finding, from the folder for copies to the server and to Jupyter."""
    yield from machine_findings(services)
    yield from _jupyter(services)


def _jupyter(services: Services) -> Iterator[Finding]:
    """Yield what is found of the kernels of the copies here, of other extensions, and of git."""
    yield _kernelspecs(services)
    yield from _extension()
    yield from _programs()
    yield from _others()
    yield _git()


def _kernelspecs(services: Services) -> Finding:
    folder = services.registry.folder
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        return problem(
            "kernels",
            f"{folder} cannot be written, so kernels cannot be registered.",
            "Set JUPYTER_DATA_DIR to a folder that can.",
        )
    kernels = sum(map(len, services.registry.registered().values()))
    copies = len(services.store.list())
    return ok("kernels", f"{kernels} kernels are registered in {folder}, for {copies} environments here.")


def _extension() -> Iterator[Finding]:
    for value in configured("jpserver_extensions", EXTENSION_PLACES):
        if isinstance(value.value, dict) and value.value.get(EXTENSION) is False:
            yield problem(
                "server extension",
                f"{value.file} switches the server extension off.",
                "`jupyter server extension enable conda_store_labext` switches it on.",
            )
            return


def _programs() -> Iterator[Finding]:
    """Yield which programs start kernels by old names, and who else was chosen for that."""
    states = [effective_value(setting) for setting in SETTINGS]
    on = [state.key for state in states if state.on]
    if not on:
        yield ok("kernel names", "Programs start the kernels that are registered here.")
    else:
        yield ok(
            "kernel names",
            "Programs also start kernels by the names that other extensions gave them, and by "
            f"conda-store:// addresses ({', '.join(on)}).",
        )
    for state in states:
        if not state.on and state.value and on:
            yield note(
                "kernel names",
                f"{state.file} gives {state.key} to {state.value}.",
                "`python -m conda_store_labext.on_demand.install --enable` lets both count.",
            )


def _others() -> Iterator[Finding]:
    for name in REPLACED:
        try:
            installed = version(name)
        except PackageNotFoundError:
            continue
        yield note(
            "other extensions",
            f"{name} {installed} is installed, whose place this one takes.",
            f"Remove it with `pip uninstall {name}` if its panel or kernels are in the way.",
        )


def _git() -> Finding:
    program = shutil.which("git")
    if program is None:
        return note("git", "git is not installed.", "Install it to open repositories.")
    return ok("git", f"Repositories are opened with {program}.")
