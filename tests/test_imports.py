"""Imports run one way: every module may use the packages below its own, as the table here says."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "conda_store_labext"


@dataclass(frozen=True)
class Package:
    """The packages, or modules beside them, that one may import from, and the libraries known in it."""

    below: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


NOUNS = ("errors", "models")
CORE = (
    *(*NOUNS, "store", "specifications", "client", "pipeline"),
    *("kernels", "local", "machine", "copies"),
)

OPTIONS = "extension.options"

# The listing reads as the data flows. Inside a package any module may use another, without circles.
PACKAGES = {
    "errors": Package(),
    "models": Package(("errors",)),
    "specifications": Package(NOUNS, libraries=("packaging", "ruamel", "tomlkit", "yaml")),
    "store": Package(NOUNS, libraries=("jupyter_core", "psutil")),
    "local": Package(
        (*NOUNS, "store"),
        libraries=(
            *("jupyter_core", "packaging", "psutil", "requests", "conda_package_streaming"),
            # what the embedded conda-store-server's own processes import
            *("celery", "conda_pack", "conda_store_server", "fastapi", "sqlalchemy", "starlette", "uvicorn"),
            *("conda_package_handling", "rattler"),
        ),
    ),
    "client": Package((*NOUNS, "specifications"), libraries=("requests", "urllib3", "yaml")),
    "pipeline": Package(
        (*NOUNS, "specifications", "store", "client"), libraries=("isal", "requests", "zstandard")
    ),
    "kernels": Package((*NOUNS, "store", "pipeline")),
    "machine": Package(
        (*NOUNS, "specifications", "store", "pipeline", "kernels"),
        libraries=("jupyter_client", "packaging", "yaml"),
    ),
    "copies": Package(CORE[: CORE.index("copies")], libraries=("conda_pack", "packaging", "requests")),
    "notebooks": Package(CORE, libraries=("packaging", "yaml")),
    "on_demand": Package(
        (*CORE, "notebooks"), libraries=("jupyter_client", "jupyter_core", "papermill", "traitlets")
    ),
    "repositories": Package(
        (*CORE, "notebooks", "on_demand"),
        libraries=("jupyter_core", "packaging", "requests", "tomlkit", "yaml"),
    ),
    # The command line reads the options that people set for the server, and nothing else of the extension.
    OPTIONS: Package(
        (*CORE, "notebooks", "on_demand", "repositories"), libraries=("jupyter_core", "traitlets")
    ),
    "extension": Package(
        (*CORE, "notebooks", "on_demand", "repositories", OPTIONS, "__init__"),
        libraries=("jupyter_core", "jupyter_events", "jupyter_server", "tornado", "traitlets"),
    ),
    "cli": Package(
        (*CORE, "notebooks", "on_demand", "repositories", OPTIONS, "__init__"),
        libraries=("jupyter_core", "shtab", "watchfiles"),
    ),
    # Jupyter reads this before it needs anything else.
    "__init__": Package(),
}
# The one import against the flow, made only once Jupyter asks for the server extension.
DEFERRED = {("__init__", "extension.app")}
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


def package_of(module: str) -> str:
    """Return the package, or the module at the top, that a module belongs to."""
    return OPTIONS if f"{module}.".startswith(f"{OPTIONS}.") else module.split(".")[0]


@functools.cache
def imports(module: str) -> frozenset[str]:
    """Return the dotted names that a module imports anywhere, this package's with a leading dot."""
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
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


def test_every_package_has_its_place() -> None:
    assert {package_of(module) for module in MODULES} == set(PACKAGES)


def test_the_listing_is_short() -> None:
    """A new noun gets a room of its own only where none of these is its home."""
    entries = {path.name for path in PACKAGE.iterdir()} - {"__pycache__", "labextension", "py.typed"}
    assert len(entries) <= 16


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_lies_below_its_package(module: str) -> None:
    package = package_of(module)
    allowed = {package, *PACKAGES[package].below}
    upwards = {name for name in own_imports(module) if package_of(name) not in allowed}
    assert not upwards, f"{module} imports {', '.join(sorted(upwards))}, which does not lie below {package}."


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_the_libraries_of_its_package(module: str) -> None:
    libraries = {name.split(".")[0] for name in imports(module) if not name.startswith(".")}
    foreign = libraries - sys.stdlib_module_names - set(PACKAGES[package_of(module)].libraries)
    assert not foreign, f"{module} imports {', '.join(sorted(foreign))}, which its package does not know."


def test_only_the_extension_knows_the_jupyter_server() -> None:
    knowing = {name for name, package in PACKAGES.items() if SERVER_ONLY & set(package.libraries)}
    assert knowing == {"extension"}


def test_no_packages_import_each_other_in_a_circle() -> None:
    order = list(PACKAGES)[:-1]
    backwards = [
        (name, below)
        for name in order
        for below in PACKAGES[name].below
        if below != "__init__" and order.index(below) >= order.index(name)
    ]
    assert not backwards


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
        ("conda_store_labext.client.client", {"tornado", "jupyter_server", "traitlets"}),
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
