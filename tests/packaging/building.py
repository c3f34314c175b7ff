"""Running commands as a packager does, and environments that see the libraries installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import tomlkit

ROOT = Path(__file__).parents[2]
PACKAGE = "conda_store_labext"
MADE = (
    *(".git", ".venv", "node_modules", "lib", "build", "dist", "coverage", "labextension", "*.egg-info"),
    *("__pycache__", ".*_cache", ".hypothesis", "test-results", "playwright-report", "*.tsbuildinfo"),
)
# Writes the programs of the libraries, pip's and Jupyter's among them, as an installation would have.
PROGRAMS = """
import os, sys
from importlib.metadata import distributions
folder = os.path.dirname(sys.executable)
for distribution in distributions():
    for point in distribution.entry_points:
        if point.group == "console_scripts" and distribution.name != "conda-store-labext":
            path = os.path.join(folder, point.name)
            with open(path, "w") as file:
                module, _, name = point.value.partition(":")
                print(f"#!{sys.executable}\\nimport sys\\nfrom {module} import {name}", file=file)
                print(f"sys.exit({name}())", file=file)
            os.chmod(path, 0o755)
"""


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    """Run a command in a folder and return what it printed; fail with that if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "JUPYTER_PACKAGING_SKIP_NPM": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def project(table: str = "project") -> dict[str, Any]:
    """Return a table of pyproject.toml."""
    parsed: dict[str, Any] = tomlkit.parse((ROOT / "pyproject.toml").read_text("utf-8")).unwrap()[table]
    return parsed


def make_environment(folder: Path) -> Path:
    """Return a new environment's interpreter: it sees the libraries installed here, but not this package."""
    venv.create(folder, with_pip=False, symlinks=True)
    interpreter = folder / "bin" / "python"
    packages = run([interpreter, "-c", "import site; print(site.getsitepackages()[0])"], folder).strip()
    # A path in a .pth file brings the modules of that folder, not what its own .pth files add.
    own = [path for path in sys.path if path.endswith("site-packages")]
    Path(packages, "libraries.pth").write_text("\n".join(own) + "\n", encoding="utf-8")
    return interpreter


def add_programs(interpreter: Path) -> None:
    """Give an environment the programs of the libraries that it sees, and JupyterLab its pages."""
    run([interpreter, "-c", PROGRAMS], interpreter.parent)
    pages = interpreter.parents[1] / "share" / "jupyter" / "lab"
    pages.parent.mkdir(parents=True, exist_ok=True)
    pages.symlink_to(Path(sys.prefix, "share", "jupyter", "lab"))


def link_packages(modules: Path, folder: Path) -> None:
    """Put the Node.js packages of a folder, if there are any, into another: linked if one disk holds both."""

    def put(source: str, target: str) -> None:
        try:
            if Path(source).name.startswith(".yarn"):
                raise OSError("yarn keeps its state there")
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    if modules.is_dir():
        ignored = shutil.ignore_patterns(".cache")
        shutil.copytree(modules, folder, symlinks=True, ignore=ignored, copy_function=put)


def unpack(sdist: Path, folder: Path) -> None:
    """Unpack an sdist without the folder that its name is."""
    folder.mkdir(parents=True, exist_ok=True)
    run(["tar", "-xzf", sdist, "--strip-components=1"], folder)
