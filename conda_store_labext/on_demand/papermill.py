"""papermill's engine, which starts kernels by old names, too; see `install` for when it is the default one.

papermill loads it, as the entry point `conda-store`, while it is imported itself.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, papermill_engines

from ..kernels.old_names import OldName
from .settings import NOTEBOOKS, effective_value


class CondaStoreEngine(NBClientEngine):  # type: ignore[misc]  # papermill comes without types
    """Runs a notebook as papermill does; only a kernel with an old name gets a manager that knows those."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run a notebook on the kernel of that name."""
        if OldName.parse(kernel_name):
            from .managers import AsyncCondaStoreKernelManager

            kwargs.setdefault("kernel_manager_class", AsyncCondaStoreKernelManager)
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


# papermill reads no configuration: what nbconvert is told holds for it, too, if no other engine is there
if papermill_engines.get_engine(None) is NBClientEngine and effective_value(NOTEBOOKS).on:
    papermill_engines.register(None, CondaStoreEngine)
