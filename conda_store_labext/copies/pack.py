"""Archives of copies, for machines that have neither conda-store nor this package: conda-pack's."""

from __future__ import annotations

import os
import secrets
import warnings
from pathlib import Path

from ..errors import Conflict, InvalidRequest, NotConfigured
from ..errors.os_errors import os_errors_explained
from ..store.records import StoredCopy

FORMATS = {".tar.gz": "tar.gz", ".tgz": "tar.gz", ".tar.zst": "tar.zst", ".tar": "tar", ".zip": "zip"}
# What conda-pack once put into the copy's own archive, and puts into the new one again.
THEIRS = ("bin/conda-unpack*", "bin/conda_unpack*", "bin/activate*", "bin/deactivate*", "CACHEDIR.TAG")


def pack(copy: StoredCopy, output: Path, *, force: bool = False) -> Path:
    """Write a copy as an archive, complete or not at all, and return its path.

    It is unpacked anywhere, then fixed by its own `bin/conda-unpack`. Additions are not in it. Raises
    Conflict where the file is there and is not to be replaced, InvalidRequest for a name of no format,
    NotConfigured without conda-pack.
    """
    kind = next((FORMATS[end] for end in FORMATS if output.name.endswith(end)), None)
    if kind is None:
        raise InvalidRequest(f"{output.name} is no archive's name; end it with {', '.join(FORMATS)}.")
    if output.exists() and not force:
        raise Conflict(f"{output} already exists; choose another name, or give --force.")
    try:
        from conda_pack import CondaEnv
        from conda_pack.core import CondaPackException
    except ImportError:
        raise NotConfigured(
            "Archives are made by conda-pack, which is not installed; run `pip install conda-pack`."
        ) from None
    staged = output.with_name(f".{secrets.token_hex(4)}.{output.name}")
    with os_errors_explained(output.parent):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on files that pip brought
                environment = CondaEnv.from_prefix(
                    str(copy.prefix), ignore_missing_files=True, ignore_editable_packages=True
                )
                for pattern in THEIRS:
                    environment = environment.exclude(pattern)
                environment.pack(output=str(staged), format=kind, n_threads=os.cpu_count() or 1)
            staged.replace(output)
        except CondaPackException as error:
            raise InvalidRequest(f"{copy.ref} cannot be packed: {str(error).strip().rstrip('.')}.") from None
        finally:
            staged.unlink(missing_ok=True)
    return output
