"""PyPI's names and requirements in conda's words."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.requirements import Requirement
from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name

# Where conda-forge's name is not PyPI's canonical one, so that specifications written for conda-forge
# are understood here too.
CONDA_FORGE_NAMES = {
    name.replace("_", "-"): name
    for name in (
        "argon2_cffi",
        "async_lru",
        "importlib_metadata",
        "importlib_resources",
        "ipython_genutils",
        "ipython_pygments_lexers",
        "jsonschema_specifications",
        "jupyter_client",
        "jupyter_core",
        "jupyter_events",
        "jupyter_server",
        "jupyter_server_terminals",
        "jupyterlab_pygments",
        "jupyterlab_server",
        "jupyterlab_widgets",
        "prometheus_client",
        "prompt_toolkit",
        "pure_eval",
        "rfc3339_validator",
        "rfc3986_validator",
        "stack_data",
        "typing_extensions",
        "typing_utils",
    )
} | {"tzdata": "python-tzdata", "build": "python-build", "torch": "pytorch"}


def conda_name(name: str) -> str:
    """Return the name that conda-forge gives a PyPI project, the canonical PyPI one where they agree."""
    canonical = canonicalize_name(name)
    return CONDA_FORGE_NAMES.get(canonical, canonical)


def conda_version(specifiers: Iterable[Specifier]) -> str:
    """Return PEP 440 specifiers as one conda version spec, empty when anything goes."""
    return ",".join(sorted(_conda_clause(specifier) for specifier in specifiers))


def conda_requirement(requirement: Requirement) -> str:
    """Return a PyPI requirement as a conda match spec, its marker and extras left out."""
    return f"{conda_name(requirement.name)} {conda_version(requirement.specifier)}".strip()


def _conda_clause(specifier: Specifier) -> str:
    version = specifier.version.replace(" ", "")
    operator = {"===": "=="}.get(specifier.operator, specifier.operator)
    if operator == "==" and version.endswith(".*"):
        return f"={version.removesuffix('.*')}"
    return f"{operator}{version}"
