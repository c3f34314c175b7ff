"""Flat keys in a kernelspec's metadata, which launchers show as columns.

Source: the keys of nb_conda_kernels, which jupyterlab-launchpad has labels of its own for.
"""

from __future__ import annotations

from pathlib import Path

from ..models.build_ref import EnvironmentRef
from .names import language_label


def launcher_keys(
    of: EnvironmentRef, language: str, kernel: str = "", prefix: Path | None = None
) -> dict[str, object]:
    """Return the keys for a kernel of an environment, which stands at `prefix` if it is here."""
    return {
        "conda_env_name": str(EnvironmentRef(of.server, of.namespace, of.environment)),
        "conda_env_path": str(prefix) if prefix else "",
        "conda_language": language_label(language),
        "conda_raw_kernel_name": kernel,
        "conda_is_base_environment": False,
    }
