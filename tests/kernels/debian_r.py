"""R and IRkernel as one conda package, made from the files of Debian's packages."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from conda_store_labext.local.channel.package import PLACEHOLDER, Member, Recipe, write_package
from conda_store_labext.models.platform import this_platform
from tests.stores import PATIENCE

ROOTS = ("r-base-core", "r-cran-irkernel")
# Nothing that a kernel needs, and most of the bytes.
LEFT_OUT = re.compile(
    r"(doc|help|html|demo|tests|tcltk|translations|include|examples|po|locale|man|icons|texmf|R/doc)/"
)
LIBRARY = "lib/R/library"


def why_not(folder: Path) -> str | None:
    """Download the packages and unpack them into `folder`; return why that cannot be, if so."""
    try:
        files = folder.parent / f"{folder.name}-debs"
        files.mkdir(parents=True)
        _run(["apt-get", "download", "-q", *_names()], files)
        for package in files.glob("*.deb"):
            _run(["dpkg", "-x", str(package), str(folder)], files)
            package.unlink()
    except (OSError, subprocess.SubprocessError) as error:
        return f"Debian's packages of R cannot be had: {error}"
    return None


def write_r(channel: Path, unpacked: Path) -> dict[str, Any]:
    """Write the package into a channel's folder and return its record."""
    # a store that outlives the session must not take this for the package of an earlier one
    build = f"debian_{time.time_ns()}"
    recipe = Recipe("r-irkernel", "1.3.2", build, this_platform(), summary="R and its kernel for Jupyter")
    return write_package(channel, recipe, _members(unpacked))


def _names() -> list[str]:
    """Return R's own packages, whether they are installed or not, and what else this machine lacks."""
    recommends = ["--no-install-recommends", *ROOTS]
    lacking = re.findall(r"^Inst (\S+)", _run(["apt-get", "install", "-s", *recommends]), re.MULTILINE)
    depends = ["--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks"]
    closure = _run(["apt-cache", "depends", *depends, "--no-replaces", "--no-enhances", *ROOTS])
    wanted = {name for name in closure.split() if re.fullmatch(r"r-(cran|base-core)\S*", name)}
    wanted |= {name.split(":")[0] for name in lacking if name.startswith(("lib", "r-"))}
    return sorted(name for name in wanted if name != "r-base-dev")


def _members(unpacked: Path) -> Iterator[Member]:
    for path in sorted(unpacked.rglob("*")):
        place = _place(path.relative_to(unpacked).as_posix())
        if place is None or path.is_dir():
            continue
        if path.is_symlink() and not path.exists():
            # a configuration file, which Debian keeps in /etc
            path = unpacked / path.readlink().as_posix().lstrip("/")
            if not path.is_file():
                continue
        data = path.read_bytes()
        text = place in ("bin/R", "lib/R/bin/R")
        if text:
            data = _with_placeholder(data)
        yield Member(place, data, executable=bool(path.stat().st_mode & 0o100), has_prefix=text)
    spec = {
        "argv": ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"],
        "display_name": "R",
        "language": "R",
    }
    yield Member("share/jupyter/kernels/ir/kernel.json", json.dumps(spec).encode())


def _place(path: str) -> str | None:
    """Return where in an environment a file of Debian's goes; None for what is left out."""
    if LEFT_OUT.search(path):
        return None
    if path == "usr/bin/R" or path.startswith("usr/share/jupyter/kernels/ir/logo"):
        return path.removeprefix("usr/")
    if path.startswith("usr/lib/R/site-library/"):
        return path.replace("usr/lib/R/site-library", LIBRARY)
    if path == "usr/lib/R/etc/Renviron.ucf":
        return "lib/R/etc/Renviron"
    if path.startswith("usr/lib/R/"):
        return path.removeprefix("usr/")
    if path.startswith("usr/share/R/share/"):
        return path.removeprefix("usr/").replace("share/R/share", "lib/R/share", 1)
    if ".so" in PurePosixPath(path).name and "/lib/" in f"/{path}":
        # R looks for libraries here first
        return f"lib/R/lib/{PurePosixPath(path).name}"
    return None


def _with_placeholder(data: bytes) -> bytes:
    """Return Debian's script that starts R with an environment's paths in place of Debian's."""
    text = data.decode().replace('if test "${R_HOME_DIR}" = "/usr/lib/R"; then', "if false; then")
    for old, new in (("/usr/lib/R", "lib/R"), ("/usr/share/R", "lib/R")):
        text = text.replace(old, f"{PLACEHOLDER}/{new}")
    return text.encode()


def _run(command: list[str], folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=PATIENCE)
    return done.stdout
