"""The package that brings a kernel, for a specification that lists none; as the panel's form adds it."""

from __future__ import annotations

import re
from typing import Any

from .text import parse_specification, requirements_of, specification_text

# Packages that bring a kernel, and the language that it speaks.
LANGUAGES = {
    "ipykernel": "python",
    "xeus-python": "python",
    "r-irkernel": "R",
    "xeus-r": "R",
    "bash_kernel": "bash",
    "calysto_bash": "bash",
    "ijulia": "julia",
    "xeus-cling": "C++17",
    "xeus-cpp": "c++",
    "xeus-lua": "lua",
    "xeus-sql": "sql",
    "xeus-octave": "octave",
    "octave_kernel": "octave",
    "deno": "typescript",
    "evcxr_jupyter": "rust",
    "ihaskell": "haskell",
    "almond": "scala",
}
# Those of every language, too: the panel has the same (`src/specification/kernels.ts`).
KERNEL_PACKAGES = frozenset(
    (
        *LANGUAGES,
        *("ark", "calysto", "gonb", "gophernotes", "ijavascript", "ipyparallel", "iruby", "jupyter"),
        *("jupyter_console", "jupyterlab", "nb_conda_kernels", "notebook", "qtconsole", "qtconsole-base"),
        *("sagelib", "sos-notebook", "spyder-kernels", "tslab"),
    )
)
# names that tell: xeus-python, bash_kernel, octave-kernel
_KERNEL_NAME = re.compile(r"xeus-|.*[-_]kernel$|calysto[-_]")
_NAME = re.compile(r"\s*(?:[^\s:]+::)?([A-Za-z0-9_.-]+)")


def with_kernel(text: str) -> tuple[str, str | None]:
    """Return a specification with a kernel's package, and that package if it had to be added."""
    specification = parse_specification(text)
    conda, pip = requirements_of(specification)
    names = [package_name(line) for line in conda]
    if any(brings_kernel(name) for name in (*names, *map(package_name, pip))):
        return text, None
    r = any(name == "r" or name.startswith("r-") for name in names)
    package = "r-irkernel" if r and "python" not in names else "ipykernel"
    listed: list[Any] = list(specification.get("dependencies") or [])
    place = next((number for number, line in enumerate(listed) if not isinstance(line, str)), len(listed))
    listed.insert(place, package)
    return specification_text({**specification, "dependencies": listed}), package


def package_name(line: str) -> str:
    """Return the bare name in a line of conda's or pip's, in lower case; empty where there is none."""
    matched = _NAME.match(line)
    return matched[1].lower() if matched else ""


def brings_kernel(name: str) -> bool:
    """Tell whether a package, by its bare name, is known to bring a kernel."""
    return name in KERNEL_PACKAGES or bool(_KERNEL_NAME.match(name))
