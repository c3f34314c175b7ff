"""Names that other extensions gave to kernels of conda-store's environments, and notebooks still have.

    conda-store://<namespace>/<environment>:<build-id>    nb_conda_store_kernels: that very build
    conda-env-<namespace>-<environment>-<kernel>          nb_conda_kernels on conda-store's shared disk: the
                                                          environment's active build; `py` is Python, `r` is R

In the second one a `-` may belong to a name: what conda-store has decides which environment is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InvalidRequest
from ..models.reference import Reference

SCHEME = "conda-store://"
_NB_CONDA = re.compile(r"conda-env-([^/\s]+-[^/\s]+)-([^-/\s]+)")
_LANGUAGES = {"py": "python", "r": "R"}


@dataclass(frozen=True)
class OldName:
    """An old name: the environments or the one build that it may stand for, its language and kernel."""

    text: str
    places: tuple[Reference, ...]
    language: str = "python"
    kernel: str | None = None
    listed: bool = False  # whether the extension that made it may be around and have it in its list

    @property
    def exact(self) -> bool:
        """Tell whether it names one build, so that nobody needs to be asked."""
        return self.places[0].build_id is not None

    @classmethod
    def parse(cls, name: str) -> OldName | None:
        """Read an old name; None for every other name."""
        if name.lower().startswith(SCHEME):
            try:
                build = Reference.parse(name[len(SCHEME) :])
            except InvalidRequest:
                return None
            return cls(name, (build,)) if build.build_id else None
        match = _NB_CONDA.fullmatch(name)
        if match is None:
            return None
        parts, kernel = match[1].split("-"), match[2]
        cuts = [("-".join(parts[:at]), "-".join(parts[at:])) for at in range(1, len(parts))]
        places = tuple(Reference(*cut) for cut in cuts if all(cut) and ":" not in match[1])
        if not places:
            return None
        language = _LANGUAGES.get(kernel)
        return cls(name, places, language or "", None if language else kernel, listed=True)
