"""A notebook's file and the lockfile beside it: `report.ipynb` and `report.conda-lock.yml`."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..client.client import CondaStoreClient
from ..errors import CacheNotWritable, InvalidRequest, NotFound
from ..kernels.names import METADATA
from ..models.reference import Reference
from ..specifications.lockfile import digest, parse_lockfile
from ..store.files import replace_text
from .named import build_named
from .record import NotebookRecord

SUFFIX = ".conda-lock.yml"


def read_record(notebook: Path, client: CondaStoreClient | None = None) -> NotebookRecord:
    """Return the record in a notebook's file, or with a client what its kernel's name says.

    Raises NotFound or InvalidRequest when it has none.
    """
    try:
        metadata = json.loads(notebook.read_text("utf-8"))["metadata"]
    except OSError as error:
        raise NotFound(f"{notebook} cannot be read ({error.strerror}); check the name.") from None
    except (ValueError, LookupError, TypeError):
        raise InvalidRequest(f"{notebook} is not a notebook; choose an .ipynb file.") from None
    if isinstance(metadata, dict) and METADATA in metadata:
        return NotebookRecord.of(metadata[METADATA])
    kernelspec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    kernel = kernelspec.get("name") if isinstance(kernelspec, dict) else None
    if client and isinstance(kernel, str):
        with suppress(NotFound, InvalidRequest):
            return NotebookRecord(**asdict(build_named(kernel, client)), kernel=kernel)
    raise NotFound(
        f"{notebook} does not say which build it ran on; "
        "run it in JupyterLab on a kernel of conda-store and save it."
    )


def lock_notebook(notebook: Path, client: CondaStoreClient) -> Path:
    """Write the lockfile of the build that a notebook ran on beside it, and return its path."""
    record = read_record(notebook, client)
    _require_server(record, client)
    text = json.dumps(client.lockfile(record.build_id), indent=2, ensure_ascii=False) + "\n"
    beside = lockfile_beside(notebook)
    try:
        replace_text(beside, text)
    except OSError as error:
        raise CacheNotWritable(
            f"{beside} cannot be written ({error.strerror}); make its folder writable."
        ) from None
    return beside


def rebuild_notebook(notebook: Path, client: CondaStoreClient, place: Reference | None = None) -> int:
    """Have the build that a notebook ran on built again, from its lockfile, and return the new build's id.

    The lockfile is the one beside the notebook, else what the recorded server still has. `place` is where to
    build it, by default an environment of the same name. InvalidRequest when it is not the recorded one.
    """
    return rebuild_recorded(notebook, read_record(notebook, client), client, place)


def rebuild_recorded(
    notebook: Path, record: NotebookRecord, client: CondaStoreClient, place: Reference | None = None
) -> int:
    """Do the same for a notebook whose record is known already, whatever its file says."""
    lockfile = _lockfile(notebook, record, client)
    if record.lockfile and digest(lockfile) != record.lockfile:
        raise InvalidRequest(
            f"{lockfile_beside(notebook)} is not the lockfile that {notebook} ran on; "
            "remove it, or write it again with `jupyter conda-store lock`."
        )
    return rebuild(record, lockfile, client, place)


def rebuild(
    record: NotebookRecord, lockfile: dict[str, Any], client: CondaStoreClient, place: Reference | None = None
) -> int:
    """Have a lockfile built as an environment and return the build's id."""
    platforms = (lockfile.get("metadata") or {}).get("platforms") or []
    if record.platform and platforms and record.platform not in platforms:
        raise InvalidRequest(
            f"The lockfile of {record} is for {', '.join(map(str, platforms))}, not for {record.platform}; "
            "build its specification instead."
        )
    where = place or Reference(record.namespace, record.environment)
    return client.create_build(
        where.namespace,
        json.dumps(lockfile, ensure_ascii=False),
        is_lockfile=True,
        environment=where.environment,
        description=f"Rebuilt from the lockfile of {record}",
    )


def lockfile_beside(notebook: Path) -> Path:
    """Return the path of the lockfile that belongs to a notebook."""
    return notebook.with_name(notebook.stem + SUFFIX)


def _lockfile(notebook: Path, record: NotebookRecord, client: CondaStoreClient) -> dict[str, Any]:
    beside = lockfile_beside(notebook)
    try:
        return parse_lockfile(beside.read_bytes(), str(notebook))
    except FileNotFoundError:
        _require_server(record, client)
        return client.lockfile(record.build_id)


def _require_server(record: NotebookRecord, client: CondaStoreClient) -> None:
    connection = client.connection
    if connection.identity != record.server:
        raise NotFound(
            f"{record} belongs to conda-store at {record.server}, but {connection.url} is in use; set "
            "CONDA_STORE_URL to the former and write its lockfile with `jupyter conda-store lock`."
        )
