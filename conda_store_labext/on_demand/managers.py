"""Managers that start kernels by the names that other extensions gave them (`kernels.old_names`).

`python -m conda_store_labext.on_demand.install --enable` has Jupyter use them. Lists of kernels stay
as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import Any as AnyValue
from traitlets import Instance, default
from traitlets.utils.importstring import import_item

from ..copies.services import Services, shared
from ..errors import CondaStoreLabError
from ..kernels.old_names import OldName
from .old_kernels import old_kernel
from .settings import beside

PASSED_ON = ("kernel_dirs", "allowed_kernelspecs", "ensure_native_kernel", "data_dir", "kernel_spec_class")


class CondaStoreKernelSpecManager(KernelSpecManager):
    """Knows the kernels that old names stand for, and leaves all others to a manager of `others_class`.

    What is set on this one, or overridden in a subclass, holds for that one, too.
    """

    others_class = AnyValue(
        None,
        allow_none=True,
        config=True,
        help="The class of the manager that knows all other kernels, or its dotted name. By default what is "
        "configured beside this one, for a Jupyter server, else jupyter_client's own.",
    )
    others = Instance(KernelSpecManager)

    @default("others")
    def _default_others(self) -> KernelSpecManager:
        chosen = self.others_class or (beside() if _is_of_a_server(self.parent) else None)
        return self._class(chosen)(parent=self.parent)

    @default("kernel_dirs")
    def _default_kernel_dirs(self) -> list[str]:
        return list(self.others.kernel_dirs)

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the folders of the other kernels by their names."""
        return self._others().find_kernel_specs()

    def get_all_specs(self) -> dict[str, Any]:
        """Return the other kernels: what can only be named is not listed, but counts as contained."""
        mine = type(self) is CondaStoreKernelSpecManager
        # a subclass may have its own way to find kernels
        listed = self._others().get_all_specs() if mine else super().get_all_specs()
        return _Named(listed, self._named)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return a kernel by its name; NoSuchKernel, or why conda-store cannot be asked for it."""
        old = OldName.parse(kernel_name)
        if old and not old.listed:
            return self._old(old)
        try:
            return self._others().get_kernel_spec(kernel_name)
        except NoSuchKernel:
            if old is None:
                raise
            return self._old(old)

    def remove_kernel_spec(self, name: str) -> str:
        """Remove one of the other kernels."""
        return self._others().remove_kernel_spec(name)

    def _old(self, old: OldName) -> KernelSpec:
        try:
            spec = old_kernel(old, _server(old))
        except CondaStoreLabError as error:
            self.log.error("%s: %s", old.text, error)
            raise NoSuchKernel(old.text) from error
        return self.kernel_spec_class(name=old.text, **spec)

    def _named(self, name: object) -> dict[str, Any] | None:
        """Return an old name's kernel as `get_all_specs` has the others."""
        old = OldName.parse(name) if isinstance(name, str) else None
        try:
            spec = self._old(old) if old else None
        except NoSuchKernel:
            spec = None
        return {"resource_dir": spec.resource_dir, "spec": spec.to_dict()} if spec else None

    def _others(self) -> KernelSpecManager:
        for name in PASSED_ON:
            if getattr(self, name) != getattr(self.others, name):
                setattr(self.others, name, getattr(self, name))
        return self.others

    def _class(self, chosen: Any) -> type[KernelSpecManager]:
        try:
            manager = import_item(chosen) if isinstance(chosen, str) else chosen
        except ImportError as error:
            self.log.warning("%s cannot be used any more (%s); its kernels are not listed.", chosen, error)
            manager = None
        usable = isinstance(manager, type) and issubclass(manager, KernelSpecManager)
        return manager if usable and manager is not type(self) else KernelSpecManager


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


class _Named(dict[str, Any]):
    """A list of kernels in which old names can be looked up, as voila does before it starts one."""

    def __init__(self, listed: dict[str, Any], named: Callable[[object], dict[str, Any] | None]) -> None:
        super().__init__(listed)
        self._named = named

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or self._named(name) is not None

    def __missing__(self, name: str) -> dict[str, Any]:
        spec = self._named(name)
        if spec is None:
            raise KeyError(name)
        return spec


def _is_of_a_server(parent: object) -> bool:
    return any(base.__name__ == "ServerApp" for base in type(parent).__mro__)


def _server(old: OldName) -> str:
    """Return the identity of the server in use, or of the one whose copy is here."""
    services = shared() or Services.from_environment()
    try:
        return services.upstream.connection().identity
    except CondaStoreLabError:
        for copy in services.store.list():
            if any(place.covers(copy) for place in old.places):
                return copy.server
        raise
