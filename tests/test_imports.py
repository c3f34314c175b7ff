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
    """Modules in import order (each may use those before it), the layers below, the libraries known here."""

    modules: tuple[str, ...]
    below: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


# The listing reads as the data flows. Modules are named from the package on, a folder by its own name.
LAYERS = {
    "nouns": Layer(("errors", "models", "reference")),
    "client": Layer(
        ("connection", "archive_response", "transport", "buildlog", "client"),
        below=("nouns",),
        libraries=("requests", "urllib3"),
    ),
    "disk": Layer(
        ("inflate", "archive", "prefix", "store"),
        below=("nouns",),
        libraries=("isal", "zstandard"),
    ),
    "worker": Layer(
        ("download", "worker", "worker_client"),
        below=("nouns", "client", "disk"),
    ),
    "kernels": Layer(
        ("kernelspecs",),
        below=("nouns", "disk"),
        libraries=("jupyter_client", "jupyter_core"),
    ),
    "local": Layer(
        ("local",),
        below=("nouns",),
        libraries=("jupyter_core", "packaging", "requests"),
    ),
    "manager": Layer(
        ("manager",),
        below=("nouns", "client", "disk", "worker", "kernels", "local"),
    ),
    "server": Layer(
        ("handlers", "app"),
        below=("nouns", "client", "disk", "worker", "kernels", "local", "manager", "extension points"),
        libraries=("jupyter_core", "jupyter_events", "jupyter_server", "tornado", "traitlets"),
    ),
    "command line": Layer(
        ("cli",),
        below=("nouns", "client", "disk", "worker", "kernels", "local", "manager", "extension points"),
        libraries=("jupyter_core",),
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


def layer_of(module: str) -> Layer | None:
    """Return the layer that names the module."""
    return next((layer for layer in LAYERS.values() if module in layer.modules), None)


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


def own_or_outside(name: str) -> str:
    """Return `.store` for `conda_store_labext.store`, `.__init__` for the package, others as they are."""
    if name == PACKAGE.name:
        return ".__init__"
    return "." + name.removeprefix(PACKAGE.name + ".") if name.startswith(PACKAGE.name + ".") else name


def test_every_module_has_a_place() -> None:
    unknown = sorted(module for module in MODULES if layer_of(module) is None)
    assert not unknown, f"Add {', '.join(unknown)} to LAYERS in {__file__}, after what they import."


def test_every_place_has_a_module() -> None:
    gone = sorted({module for layer in LAYERS.values() for module in layer.modules} - set(MODULES))
    assert not gone, f"Take {', '.join(gone)} out of LAYERS in {__file__}: there is no such module."


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_lies_below_it(module: str) -> None:
    layer = layer_of(module)
    if layer is None:
        pytest.skip("another test says that it has no place")
    earlier = layer.modules[: layer.modules.index(module)]
    allowed = {*earlier, *(name for below in layer.below for name in LAYERS[below].modules)}
    upwards = sorted(
        name
        for name in {name[1:] for name in imports(module) if name.startswith(".")} - allowed
        if (module, name) not in DEFERRED
    )
    assert not upwards, f"{module} imports {', '.join(upwards)}, which does not lie below it."


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_the_libraries_of_its_layer(module: str) -> None:
    layer = layer_of(module)
    libraries = {name.split(".")[0] for name in imports(module) if not name.startswith(".")}
    foreign = libraries - sys.stdlib_module_names - set(layer.libraries if layer else ())
    assert not foreign, f"{module} imports {', '.join(sorted(foreign))}, which its layer does not know."


def test_only_the_server_layer_knows_the_server() -> None:
    knowing = {name for name, layer in LAYERS.items() if SERVER_ONLY & set(layer.libraries)}
    assert knowing == {"server"}


def test_layers_lie_below_each_other_without_a_circle() -> None:
    below = {name: set(layer.below) for name, layer in LAYERS.items()}
    while below:
        ground = {name for name, needs in below.items() if not needs & set(below)}
        assert ground, f"These layers need each other: {', '.join(sorted(below))}."
        below = {name: needs for name, needs in below.items() if name not in ground}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("conda_store_labext", {"requests", "tornado", "jupyter_server", "traitlets"}),
        ("conda_store_labext.client", {"tornado", "jupyter_server", "traitlets"}),
    ],
)
def test_importing_loads_nothing_heavy(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not unwanted & set(loaded.stdout.split())
