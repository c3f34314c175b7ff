"""The session's variables without what belongs to Jupyter's own environment, and without our credentials.

A kernel and `run` start from what `conda activate` would start from in the session's shell, had Jupyter's own
virtual or conda environment been deactivated first.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

CREDENTIALS = ("CONDA_STORE_TOKEN", "CONDA_STORE_PASSWORD", "CONDA_STORE_DESTINATION_TOKEN")
KEEP_CREDENTIALS = "CONDA_STORE_LABEXT_KEEP_CREDENTIALS"
USER_SITE = "CONDA_STORE_LABEXT_USER_SITE"
ADDITIONS = "CONDA_STORE_LABEXT_ADDITIONS"
CONDABIN = "condabin"  # the folder with conda's command alone, which is no part of an environment
INLINE = "module://"  # before the module in a notebook's MPLBACKEND

# what says which environment is active, and the interpreter that a launcher of macOS names
_ACTIVE = re.compile(
    r"VIRTUAL_ENV(_PROMPT)?|CONDA_(PREFIX|DEFAULT_ENV|SHLVL|PROMPT_MODIFIER|(PREFIX|STACKED)_\d+)"
    r"|PYTHONEXECUTABLE|__PYVENV_LAUNCHER__"
)
# what people and Jupyter set for their sessions, wherever it points
_SETTINGS = re.compile(
    r"HOME|PWD|OLDPWD|SHELL|TMPDIR|TEMP|TMP|(JUPYTER|JPY|IPYTHON|CONDA|_CONDA|_CE|MAMBA|SSL_CERT)_?.*"
    r"|(REQUESTS|CURL)_CA_BUNDLE|XDG_\w+_(HOME|DIR)"
)
_LISTS = re.compile(r"\w*(PATHS?|DIRS)")
_EXPORTED = re.compile(rb"(?:export|declare +-x)\s+([A-Za-z_]\w*)")
_SYSTEM = frozenset({"", "/", "/usr", "/usr/local"})


def own_prefix() -> str:
    """Return the virtual or conda environment that this program runs in, nothing if it is in none."""
    own = sys.prefix != sys.base_prefix or (Path(sys.prefix) / "conda-meta").is_dir()
    return sys.prefix if own else ""


def keeps_credentials(session: Mapping[str, str]) -> bool:
    """Tell whether a session wants its kernels to have its credentials for conda-store."""
    return _is_on(session, KEEP_CREDENTIALS)


def sees_user_site(session: Mapping[str, str]) -> bool:
    """Tell whether a session wants its kernels to have the packages in the user's home folder."""
    return _is_on(session, USER_SITE)


def has_additions(session: Mapping[str, str]) -> bool:
    """Tell whether what a session's kernels install goes into an overlay: unless it is switched off."""
    return _is_on(session, ADDITIONS, "1")


def set_for_kernels(name: str, on: bool, default: str = "") -> None:
    """Switch one of these variables on or off for the kernels that this process starts."""
    if on != _is_on(os.environ, name, default):
        os.environ[name] = "1" if on else "0"


def _is_on(session: Mapping[str, str], name: str, default: str = "") -> bool:
    return (session.get(name) or default).lower() in ("1", "true", "yes", "on")


def session_for(prefix: Path, session: Mapping[str, str], jupyter: str = "") -> dict[str, str]:
    """Return the variables to activate the environment in `prefix` in.

    `jupyter` is the environment that Jupyter runs in; one that is active in the session counts likewise.
    """
    own = _Own(prefix, session, jupyter)
    kept = {name: own.without(name, value) for name, value in session.items() if not own.sets(name, value)}
    variables = {name: value for name, value in kept.items() if value is not None}
    if not keeps_credentials(session):
        for name in CREDENTIALS:
            variables.pop(name, None)
    backend = variables.get("MPLBACKEND", "")
    if backend.startswith(INLINE) and not _has_module(prefix, backend[len(INLINE) :]):
        del variables["MPLBACKEND"]
    return variables


def is_list(name: str) -> bool:
    """Tell by its name whether a variable is a list of paths."""
    return bool(_LISTS.fullmatch(name))


class _Own:
    """The part of a session that belongs to the environments that are active in it."""

    def __init__(self, prefix: Path, session: Mapping[str, str], jupyter: str) -> None:
        self._prefix = str(prefix)
        active = session.get("CONDA_PREFIX", "")
        named = (session.get("VIRTUAL_ENV", ""), active, jupyter)
        folders = {os.path.normpath(name) for name in named if name} - _SYSTEM - {self._prefix}
        # a folder may have two names
        self._folders = folders | {os.path.realpath(folder) for folder in folders} - _SYSTEM - {self._prefix}
        self._set: set[str] = set()
        self._declared: dict[str, str] = {}
        if active and os.path.normpath(active) in self._folders:
            self._set = {name for name in _exported(Path(active)) if not is_list(name)}
            self._declared, _ = declared(Path(active))

    def sets(self, name: str, value: str) -> bool:
        """Tell whether it is such an environment that has set a variable."""
        if _ACTIVE.fullmatch(name) or self._declared.get(name) == value:
            return True
        inside = os.pathsep not in value and self._inside(value)
        return not _SETTINGS.fullmatch(name) and (name in self._set or inside)

    def without(self, name: str, value: str) -> str | None:
        """Return a list of paths without those of such an environment, None when none is left."""
        if os.pathsep not in value or _SETTINGS.fullmatch(name):
            return value
        parts = value.split(os.pathsep)
        if name == "PATH":
            parts = list(self._with_conda(parts))
        left = [part for part in parts if not self._inside(part) or Path(part).name == CONDABIN]
        return os.pathsep.join(left) if any(left) or not any(parts) else None

    def _inside(self, path: str) -> bool:
        if not path.startswith("/") or self._is_in(path, self._prefix):
            return False
        return any(self._is_in(path, folder) for folder in self._folders)

    def _with_conda(self, parts: list[str]) -> Iterator[str]:
        """Have conda's own command stay in PATH, as its `condabin` does when another one is activated."""
        for part in parts:
            condabin = Path(part).with_name(CONDABIN) if part.endswith("/bin") else None
            if condabin and str(condabin) not in parts and self._inside(part):
                if condabin.is_dir():
                    yield str(condabin)
            else:
                yield part

    @staticmethod
    def _is_in(path: str, folder: str) -> bool:
        return path == folder or path.startswith(folder + "/")


def declared(prefix: Path) -> tuple[dict[str, str], list[str]]:
    """Return the variables that an environment's packages and specification declare, and what cannot be read.

    As conda has it: names in capitals, the specification's over the packages'. Nothing is run.
    """
    variables: dict[str, str] = {}
    problems: list[str] = []
    for path in sorted((prefix / "etc/conda/env_vars.d").glob("*.json")):
        variables |= capitals(_object(path, problems))
    file = prefix / "conda-meta/state"
    state = _object(file, problems).get("env_vars", {})
    if isinstance(state, dict):
        return variables | capitals(state), problems
    return variables, [*problems, _unread(file)]


def capitals(variables: Mapping[str, object]) -> dict[str, str]:
    """Return variables as conda sets them; those that it marks as unset, or that none can be, left out."""
    return {
        str(name).upper(): str(value)
        for name, value in variables.items()
        if value != "***unset***" and str(name) and not set("=\0") & set(str(name)) and "\0" not in str(value)
    }


def _object(path: Path, problems: list[str]) -> dict[str, object]:
    """Return what a file declares, nothing and a problem where it cannot be read; it need not be there."""
    with suppress(OSError, ValueError, RecursionError):
        content = json.loads(path.read_text("utf-8"))
        if isinstance(content, dict):
            return content
    if os.path.lexists(path):
        problems.append(_unread(path))
    return {}


def _unread(path: Path) -> str:
    return f"The variables in {path} are not set, because it cannot be read as JSON; correct or remove it."


def _exported(prefix: Path) -> Iterator[str]:
    for script in (prefix / "etc/conda/activate.d").glob("*.sh"):
        with suppress(OSError):
            yield from map(bytes.decode, _EXPORTED.findall(script.read_bytes()))


def _has_module(prefix: Path, module: str) -> bool:
    """Tell whether a Python module can be imported in an environment, by its top folder."""
    top = module.partition(".")[0]
    return any(prefix.glob(f"lib/python3*/site-packages/{top}")) or any(
        prefix.glob(f"lib/python3*/site-packages/{top}.py")
    )
