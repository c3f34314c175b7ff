"""Managers that start kernels by names of the form `conda-store://<namespace>/<environment>:<build-id>`.

`python -m conda_store_labext.on_demand.install --enable` has Jupyter use them. Lists of kernels stay
as they are.
"""

from __future__ import annotations

from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import Instance, Type, default

from ..copies.services import Services, shared
from ..errors import CondaStoreLabError, InvalidRequest
from ..kernels.names import KernelIdentity
from ..models.reference import Reference
from .specs import OnDemandKernel


class CondaStoreKernelSpecManager(KernelSpecManager):
    """Knows the kernels that such names stand for, and leaves all others to `others_class`."""

    others_class = Type(
        KernelSpecManager,
        klass=KernelSpecManager,
        config=True,
        help="The class of the manager that knows all other kernels.",
    )
    others = Instance(KernelSpecManager)

    @default("others")
    def _default_others(self) -> KernelSpecManager:
        return self.others_class(parent=self.parent, data_dir=self.data_dir)

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the folders of the other kernels by their names."""
        return self.others.find_kernel_specs()

    def get_all_specs(self) -> dict[str, Any]:
        """Return the other kernels: what can only be named is not listed."""
        return self.others.get_all_specs()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return a kernel by its name; NoSuchKernel, or why conda-store cannot be asked for it."""
        reference = parse_uri(kernel_name)
        if reference is None:
            return self.others.get_kernel_spec(kernel_name)
        try:
            kernel = _kernel(reference)
        except CondaStoreLabError as error:
            self.log.error("%s: %s", kernel_name, error)
            raise NoSuchKernel(kernel_name) from error
        return self.kernel_spec_class(name=kernel_name, **kernel.spec())

    def remove_kernel_spec(self, name: str) -> str:
        """Remove one of the other kernels."""
        return self.others.remove_kernel_spec(name)


class CondaStoreKernelManager(KernelManager):
    """A kernel manager, as consoles use one, that starts kernels by such names."""

    @default("kernel_spec_manager")
    def _default_kernel_spec_manager(self) -> KernelSpecManager:
        return CondaStoreKernelSpecManager(parent=self, data_dir=self.data_dir)


class AsyncCondaStoreKernelManager(AsyncKernelManager):
    """A kernel manager, as nbconvert and nbclient use one, that starts kernels by such names."""

    @default("kernel_spec_manager")
    def _default_kernel_spec_manager(self) -> KernelSpecManager:
        return CondaStoreKernelSpecManager(parent=self, data_dir=self.data_dir)


def _kernel(reference: Reference) -> OnDemandKernel:
    """Return the kernel of a build of the server in use, or of one whose copy is here."""
    build_id = reference.build_id or 0
    services = shared() or Services.from_environment()
    try:
        identity = services.upstream.connection().identity
    except CondaStoreLabError:
        here = [copy.server for copy in services.store.list() if reference.covers(copy)]
        if not here:
            raise
        identity = here[0]
    known = KernelIdentity(identity, reference.namespace, reference.environment, build_id)
    return OnDemandKernel(known, str(known), "python", build_id)


SCHEME = "conda-store://"


def parse_uri(name: str) -> Reference | None:
    """Return the build that such a name stands for; None for every other name."""
    if not name.lower().startswith(SCHEME):
        return None
    try:
        found = Reference.parse(name[len(SCHEME) :])
    except InvalidRequest:
        return None
    return found if found.build_id else None
