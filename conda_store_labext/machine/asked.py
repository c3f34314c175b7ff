"""The packages somebody asked for in an environment of this machine, by the records of conda, pip and uv."""

from __future__ import annotations

import ast
import json
import re
from contextlib import suppress
from pathlib import Path

from ..models.providers import Asked
from ..specifications.matchspecs import package_name
from ..store.files import read_small
from .distributions import MAX_RECORD, distributions, requested
from .prefixes import inspect, site_packages

_HISTORY = re.compile(r"# (update|install|remove) specs: (\[.*\])")


def asked_for(prefix: Path) -> Asked:
    """Return what was asked for in an environment, its Python first; nothing of it is run."""
    conda = _of_conda(prefix)
    environment = inspect(prefix)
    version = ".".join(environment.python.split(".")[:2]) if environment else ""
    if version and "python" not in map(package_name, conda):
        conda = [f"python {version}.*", *conda]
    site = site_packages(prefix)
    every = tuple(distributions(site)) if site else ()
    asked = requested(every)
    pip: list[str] = []
    left_out: list[str] = []
    for distribution in sorted(every, key=lambda item: item.key):
        if (
            distribution.key in asked
            and distribution.installer != "conda"
            and distribution.key not in ("pip", "setuptools", "wheel")
        ):
            if distribution.source.startswith("file:"):
                left_out.append(distribution.name)
            else:
                pip.append(
                    f"{distribution.name} @ {distribution.source}"
                    if distribution.source
                    else f"{distribution.name}>={distribution.version}"
                )
    return Asked(tuple(conda), tuple(pip), tuple(left_out))


def _of_conda(prefix: Path) -> list[str]:
    """Return what conda was asked for: by its records, else by its history."""
    specs: dict[str, str] = {}
    for file in sorted((prefix / "conda-meta").glob("*.json")):
        with suppress(OSError, ValueError, AttributeError, RecursionError):
            record = json.loads(read_small(file, MAX_RECORD))
            listed = record.get("requested_specs") or [record.get("requested_spec")]
            for spec in listed:
                if isinstance(spec, str) and spec not in ("", "None") and package_name(spec):
                    specs[package_name(spec)] = spec
    return list(specs.values()) or _of_history(prefix / "conda-meta" / "history")


def _of_history(file: Path) -> list[str]:
    specs: dict[str, str] = {}
    with suppress(OSError):
        for line in read_small(file, MAX_RECORD).decode("utf-8", "replace").splitlines():
            match = _HISTORY.match(line)
            with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
                for spec in ast.literal_eval(match[2]) if match else ():
                    name = package_name(str(spec))
                    if name and match and match[1] == "remove":
                        specs.pop(name, None)
                    elif name:
                        specs[name] = str(spec)
    return list(specs.values())
