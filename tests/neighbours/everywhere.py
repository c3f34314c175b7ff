"""A plugin for pytest that puts our kernelspec manager in place of jupyter_client's, for its own tests."""

from __future__ import annotations

from jupyter_client import kernelspec, kernelspecapp

from conda_store_labext.on_demand.managers import CondaStoreKernelSpecManager

for module in kernelspec, kernelspecapp:
    setattr(module, "KernelSpecManager", CondaStoreKernelSpecManager)  # noqa: B010
