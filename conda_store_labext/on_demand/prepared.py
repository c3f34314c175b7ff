"""The start of a kernel of a copy that is here, from a kernelspec that was written before it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..kernels.activation import Activation
from ..kernels.launch_spec import activation_of, choose, found_kernels, launch_spec
from ..kernels.launcher_keys import launcher_keys
from ..kernels.names import METADATA
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .specs import ENCRYPTION

GUESSED = (ENCRYPTION, "debugger")  # what an on-demand kernelspec says before the environment is here


@dataclass(frozen=True)
class Prepared:
    """Parts that start a kernel: the kernelspec's `fields`, its environment's activation, its variables."""

    fields: Mapping[str, Any]
    activation: Activation
    variables: Mapping[str, Any]


def prepared(
    copy: StoredCopy,
    store: EnvironmentStore,
    kernel: str | None,
    language: str,
    metadata: Mapping[str, Any],
) -> Prepared:
    """Return what starts a kernel of a copy; NoKernel where it has none."""
    kernelspecs = found_kernels(copy.prefix, copy.namespace, copy.environment)
    chosen = choose(kernelspecs, kernel, language)
    spec = launch_spec(chosen, copy.prefix)
    owner = {**metadata[METADATA], **asdict(copy.ref), "key": copy.key, "kernel": chosen.name}
    own = spec.get("metadata", {})
    speaks = str(spec.get("language", language))
    fields = {
        "argv": spec["argv"],
        "env": {},  # what it sets is set as the kernel starts
        "language": speaks,
        "interrupt_mode": spec.get("interrupt_mode", "signal"),
        "kernel_protocol_version": spec.get("kernel_protocol_version", ""),
        "metadata": {
            **own,
            **{name: value for name, value in metadata.items() if name not in GUESSED},
            **launcher_keys(copy, speaks, chosen.name, copy.prefix),
            METADATA: owner,
        },
        "resource_dir": str(chosen.resource_dir),
    }
    return Prepared(fields, activation_of(copy, store.activation_cache(copy.key)), spec["env"])
