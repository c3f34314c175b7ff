"""The folders in which this package keeps its things unless it is told otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from ..errors import InvalidRequest
from .layout import FOLDER_VARIABLE

# how a build comes here: by its archive, by the packages of its lockfile, or by whichever is less work
ARCHIVE, PACKAGES, AUTO = WAYS = ("archive", "packages", "auto")


def default_root() -> Path:
    """Return the folder for local copies: CONDA_STORE_LABEXT_FOLDER, else one in Jupyter's data folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else Path(jupyter_data_dir()) / "conda-store"


def environment_folders() -> tuple[Path, ...]:
    """Return the folders with environments of this machine that CONDA_STORE_LABEXT_ENVIRONMENTS lists."""
    text = os.environ.get("CONDA_STORE_LABEXT_ENVIRONMENTS", "")
    return tuple(Path(part).expanduser().absolute() for part in text.split(os.pathsep) if part)


def default_machine() -> Path:
    """Return the folder for what is remembered of this machine's environments."""
    return Path(jupyter_data_dir()) / "conda-store-machine"


def default_additions() -> Path:
    """Return the folder for what this user adds to environments, whose copies others may share."""
    return Path(jupyter_data_dir()) / "conda-store-additions"


def shared_roots(listed: str | None = None) -> tuple[Path, ...]:
    """Return the folders of stores in front: those listed, by default in CONDA_STORE_LABEXT_SHARED."""
    text = os.environ.get("CONDA_STORE_LABEXT_SHARED", "") if listed is None else listed
    return tuple(Path(part).expanduser().absolute() for part in text.split(os.pathsep) if part)


def links_files() -> bool:
    """Tell whether files that environments have in common are linked: unless CONDA_STORE_LABEXT_LINK is 0."""
    return os.environ.get("CONDA_STORE_LABEXT_LINK", "").lower() not in ("0", "false", "no", "off")


def chosen_way() -> str:
    """Return how builds come here: CONDA_STORE_LABEXT_WAY, one of WAYS; InvalidRequest for another word."""
    chosen = os.environ.get("CONDA_STORE_LABEXT_WAY", "").strip().lower() or AUTO
    if chosen not in WAYS:
        raise InvalidRequest(f"CONDA_STORE_LABEXT_WAY is {chosen!r}; set it to one of {', '.join(WAYS)}.")
    return chosen


def default_kernels() -> Path:
    """Return the user's kernelspec folder, which every Jupyter program reads."""
    return Path(jupyter_data_dir()) / "kernels"
