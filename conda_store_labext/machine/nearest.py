"""The environment of a notebook's folder: what keeps it from being started, and what it can be made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import CondaStoreLabError, NoKernel
from ..models import ErrorInfo, FolderEnvironment
from .create import project_file
from .finder import MachineEnvironment
from .provider import MachineProvider
from .provisioner import folder_environment
from .trust import require_trusted

CONDA_FILES = ("environment.yml", "environment.yaml")  # which conda-store builds


def nearest(provider: MachineProvider, root: Path, notebook: Path) -> FolderEnvironment:
    """Return what the kernel of a notebook's folder would start from; runs nothing.

    `root` is the folder of Jupyter's files, above which no file is looked for.
    """
    folder, problem = notebook.parent, None
    environment: MachineEnvironment | None = None
    try:
        environment = folder_environment(folder, notebook.name, provider.finder)
        require_trusted(environment)
    except CondaStoreLabError as error:
        problem = ErrorInfo(error.code, str(error))
        if isinstance(error, NoKernel):
            environment = provider.finder.nearest(folder)
            problem = environment.prefix.problem or problem
    if environment is None:
        return FolderEnvironment(None, problem, next(_files(root, folder), None))
    return FolderEnvironment(provider.environment(environment.key), problem, None)


def _files(root: Path, folder: Path) -> Iterator[str]:
    """Yield the files that say which packages an environment of a folder has, the nearest first."""
    for above in (folder, *folder.parents):
        if not above.is_relative_to(root):
            return
        conda = next((name for name in CONDA_FILES if (above / name).is_file()), "")
        name = project_file(above) or conda
        if name:
            yield (above / name).relative_to(root).as_posix()
