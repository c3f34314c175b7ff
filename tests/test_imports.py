"""Imports run one way: every module may use what lies below it and nothing else, as the table here says."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "conda_store_labext"


@dataclass(frozen=True)
class Layer:
    """Modules in import order (each may use those before it), the layers below, the libraries known here.

    `folder.*` stands for all modules of a folder, which may use each other as long as there is no circle.
    """

    modules: tuple[str, ...]
    below: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


# The listing reads as the data flows. Modules are named from the package on, a folder by its own name.
LAYERS = {
    "nouns": Layer(
        (
            "errors",
            "models.*",
            "models",
            "reference",
            "faults",
            "paths",
            "processes",
            "lock",
            "activation",
            "quantities",
        ),
        libraries=("jupyter_core",),
    ),
    "specifications": Layer(
        ("specification", "versions", "changes", "conversion"),
        below=("nouns",),
        libraries=("packaging", "yaml"),
    ),
    "client": Layer(
        (
            "client",
            *("client.connection", "client.archive_response", "client.transport"),
            *("client.api", "client.permissions", "client.filters", "client.environments"),
            *("client.buildlog", "client.buildfiles", "client.builds", "client.buildlist"),
            *("client.namespaces", "client.packages", "client.solves", "client.rest"),
        ),
        below=("nouns", "specifications"),
        libraries=("requests", "urllib3", "yaml"),
    ),
    "store": Layer(("lastuse", "layout", "store", "usage"), below=("nouns",)),
    "pipeline": Layer(
        (
            "pipeline",
            *(
                "pipeline.limits",
                "pipeline.tree",
                "pipeline.sharing",
                "pipeline.inflate",
                "pipeline.tarstream",
                "pipeline.archive",
            ),
            *("pipeline.rewrite", "pipeline.records", "pipeline.prefix"),
            *("pipeline.job", "pipeline.handover", "pipeline.download", "pipeline.stream"),
            *("pipeline.worker", "pipeline.worker_client"),
        ),
        below=("nouns", "client", "store"),
        libraries=("isal", "zstandard"),
    ),
    "kernels": Layer(
        (
            "kernelnames",
            "launchspec",
            "kernelspecs",
            "syncedspecs",
            "kernelsync",
            "provenance",
            "notebookfile",
            "folderdefault",
            "verify",
            "prune",
            "sizelimit",
            "deleted",
            "inplace",
        ),
        below=("nouns", "client", "store", "pipeline"),
        libraries=("yaml",),
    ),
    # These run in the embedded conda-store's own processes, where they go by the name `conda`.
    "conda stand-in": Layer(
        ("local.standin", "local.standin.conda", "local.standin.conda.*"),
        libraries=("conda_package_handling", "rattler", "requests"),
    ),
    "channel": Layer(
        ("local.channel", "local.channel.*"),
        below=("nouns",),
        libraries=("conda_package_streaming", "packaging"),
    ),
    "local": Layer(
        (
            *(
                "local.paths",
                "local.files",
                "local.ports",
                "local.processes",
                "local.settings",
            ),
            *("local.readiness", "local.availability", "local.state", "local.credentials"),
            *(
                "local.environment",
                "local.channel_choice",
                "local.server_process",
                "local.request",
                "local.signals",
                "local.supervisor",
                "local.local_store",
                "local.old_channels",
                "local",
            ),
        ),
        below=("nouns", "channel"),
        libraries=("jupyter_core", "packaging", "requests"),
    ),
    # The embedded conda-store-server reads this as its configuration.
    "local server": Layer(
        ("local.server_ids", "local.server_solve", "local.server_config"),
        below=("local",),
        libraries=(
            "celery",
            "conda_pack",
            "conda_store_server",
            "fastapi",
            "sqlalchemy",
            "starlette",
            "uvicorn",
        ),
    ),
    "manager": Layer(
        ("local_starter", "server", "copies", "manager", "kernelkeeper", "standing", "session", "copychoice"),
        below=("nouns", "client", "store", "pipeline", "kernels", "local"),
    ),
    "Jupyter server": Layer(
        ("handlers.*", "handlers", "app"),
        below=(
            *("nouns", "specifications", "client", "store", "pipeline", "kernels", "local", "manager"),
            "extension points",
        ),
        libraries=("jupyter_core", "jupyter_events", "jupyter_server", "tornado", "traitlets"),
    ),
    "command line": Layer(
        (
            *("cli.command", "cli.exitcodes", "cli.terminal", "demo", "cli.services"),
            *("cli.naming", "cli.following", "cli.filtering"),
            *("cli.specifications", "cli.solving", "cli.builds", "cli.environments"),
            *("cli.waiting", "cli.downloads", "cli.namespaces"),
            *("cli.copies", "cli.run", "cli.kernels", "cli.notebooks"),
            *("cli.upkeep", "cli.account", "cli.local"),
            "cli.completion",
            *("cli", "cli.__main__"),
        ),
        below=(
            *("nouns", "specifications", "client", "store", "pipeline", "kernels", "local", "manager"),
            "extension points",
        ),
        libraries=("jupyter_core", "shtab"),
    ),
    # jupyter_client asks for it by its entry point.
    "provisioner": Layer(
        ("uris", "provisioner", "kernelmanagers", "install"),
        below=("nouns", "client", "store", "pipeline", "kernels", "local", "manager", "command line"),
        libraries=("jupyter_client", "jupyter_core", "traitlets"),
    ),
    # Jupyter reads these before it needs anything else of the package.
    "extension points": Layer(("__init__",)),
}
# The one import against the flow, made only once Jupyter asks for the server extension.
DEFERRED = {("__init__", "app")}
SERVER_ONLY = {"jupyter_server", "tornado"}


def module_of(path: Path) -> str:
    """Return a file's dotted name within the package, a folder's own for its `__init__.py`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


MODULES = {
    module_of(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "labextension" not in path.relative_to(PACKAGE).parts
}


def covers(entry: str, module: str) -> bool:
    """Tell whether an entry of the table names the module."""
    return module.startswith(entry[:-1]) if entry.endswith(".*") else module == entry


def place_of(module: str) -> tuple[Layer, tuple[str, ...]] | None:
    """Return the layer that names the module, and the entries of that layer that the module may use."""
    for layer in LAYERS.values():
        for index, entry in enumerate(layer.modules):
            if covers(entry, module):
                return layer, layer.modules[: index + entry.endswith(".*")]
    return None


def imports(module: str) -> Iterator[str]:
    """Yield the dotted names that a module imports anywhere, this package's with a leading dot."""
    path = MODULES[module]
    package = (PACKAGE.name, *path.parent.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (own_or_outside(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(filter(None, (base, node.module)))
            # `from . import store` names a module, `from .store import X` what is in one
            names = [f"{source}.{alias.name}" for alias in node.names]
            inside = [own_or_outside(name) for name in names if own_or_outside(name)[1:] in MODULES]
            yield from inside or [own_or_outside(source)]


def own_imports(module: str) -> set[str]:
    """Return the modules of this package that a module needs as it is imported."""
    own = {name[1:] for name in imports(module) if name.startswith(".")}
    return {name for name in own - {module} if (module, name) not in DEFERRED}


def own_or_outside(name: str) -> str:
    """Return `.store` for `conda_store_labext.store`, `.__init__` for the package, others as they are."""
    if name == PACKAGE.name:
        return ".__init__"
    return "." + name.removeprefix(PACKAGE.name + ".") if name.startswith(PACKAGE.name + ".") else name


def test_every_module_has_a_place() -> None:
    unknown = sorted(module for module in MODULES if place_of(module) is None)
    assert not unknown, f"Add {', '.join(unknown)} to LAYERS in {__file__}, after what they import."


def test_every_place_has_a_module() -> None:
    entries = [entry for layer in LAYERS.values() for entry in layer.modules]
    gone = [entry for entry in entries if not any(covers(entry, module) for module in MODULES)]
    assert not gone, f"Take {', '.join(gone)} out of LAYERS in {__file__}: there is no such module."


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_lies_below_it(module: str) -> None:
    place = place_of(module)
    if place is None:
        pytest.skip("another test says that it has no place")
    layer, earlier = place
    allowed = (*earlier, *(entry for below in layer.below for entry in LAYERS[below].modules))
    upwards = {name for name in own_imports(module) if not any(covers(entry, name) for entry in allowed)}
    assert not upwards, f"{module} imports {', '.join(sorted(upwards))}, which does not lie below it."


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_the_libraries_of_its_layer(module: str) -> None:
    place = place_of(module)
    libraries = {name.split(".")[0] for name in imports(module) if not name.startswith(".")}
    foreign = libraries - sys.stdlib_module_names - set(place[0].libraries if place else ())
    assert not foreign, f"{module} imports {', '.join(sorted(foreign))}, which its layer does not know."


def test_only_one_layer_knows_the_jupyter_server() -> None:
    knowing = {name for name, layer in LAYERS.items() if SERVER_ONLY & set(layer.libraries)}
    assert knowing == {"Jupyter server"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    needs = {module: own_imports(module) for module in MODULES}
    while needs:
        ground = {module for module, others in needs.items() if not others & set(needs)}
        assert ground, f"Among these are modules that import each other: {', '.join(sorted(needs))}."
        needs = {module: others for module, others in needs.items() if module not in ground}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("conda_store_labext", {"requests", "tornado", "jupyter_server", "traitlets"}),
        ("conda_store_labext.client.rest", {"tornado", "jupyter_server", "traitlets"}),
        ("conda_store_labext.local", {"tornado", "jupyter_server", "conda_store_server", "rattler"}),
        (
            "conda_store_labext.cli",
            {
                "tornado",
                "jupyter_server",
                "jupyter_client",
                "conda_store_server",
                "rattler",
                "requests",
                "yaml",
            },
        ),
    ],
)
def test_importing_loads_nothing_heavy(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not unwanted & set(loaded.stdout.split())
