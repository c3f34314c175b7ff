"""requirements.txt: Python from conda, the rest by pip as it is listed."""

from __future__ import annotations

from ...errors import InvalidRequest
from ...models import Conversion
from .. import notes
from ..draft import Draft
from ..source import Source
from ..writing import written


def read(source: Source) -> Conversion:
    """Turn the lines of a requirements file into a specification; every text can be one."""
    draft = Draft(source)
    draft.add_pip(source.text)
    draft.settle_with_python()
    if not draft.pip:
        raise InvalidRequest("The file lists no package that conda-store can install; choose another file.")
    draft.notes.add(notes.PYTHON)
    return written(draft)
