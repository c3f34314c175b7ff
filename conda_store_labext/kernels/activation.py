"""Activating an environment: the variables that `conda activate` would leave in the session's own shell.

Source: `conda activate` sets the variables below, then those of `etc/conda/env_vars.d` and
`conda-meta/state`, then sources `etc/conda/activate.d/*.sh` in order. What an environment declares for
conda's own names is left out, as conda leaves out PATH. Of a virtual environment the variables are those of
its own `bin/activate`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

from ..store.overlay import Overlay
from .deactivation import deactivated
from .session import capitals, declared, is_list, own_prefix, sees_user_site, session_for


class Activated(NamedTuple):
    """All variables of an activated environment, and sentences on what of it failed."""

    variables: dict[str, str]
    problems: tuple[str, ...] = ()


class Activation(NamedTuple):
    """An environment to activate, by its `name` and the folder `prefix`; conda's, unless it is `virtual`.

    `variables` are those of its specification, which conda-store does not write into it. What its scripts did
    is kept in the file `cache`. Where `kept`, its folder is somebody else's and nothing is written to it.
    `jupyter` is the virtual or conda environment that Jupyter runs in, None for that of this program. One
    that is `isolated` has no packages of the user's home folder, unless the session wants them. What its
    kernels install goes to `overlay`. Who holds `lock` keeps it from being removed.
    """

    prefix: Path
    name: str
    variables: Mapping[str, str] = {}
    cache: Path | None = None
    kept: bool = False
    jupyter: str | None = None
    isolated: bool = False
    overlay: Overlay | None = None
    virtual: bool = False
    lock: Path | None = None

    def to_json(self) -> str:
        """Return it as the text that `from_json` reads."""
        changed = {"jupyter": self._jupyter, "overlay": self.overlay and self.overlay._asdict()}
        return json.dumps({**self._asdict(), **changed}, default=str)

    @classmethod
    def from_json(cls, text: str) -> Activation:
        """Read what `to_json` wrote."""
        fields = json.loads(text)
        cache, overlay = fields["cache"], fields["overlay"]
        fields |= {
            "prefix": Path(fields["prefix"]),
            "cache": cache and Path(cache),
            "lock": fields["lock"] and Path(fields["lock"]),
            "overlay": overlay and Overlay(**{**overlay, "folder": Path(overlay["folder"])}),
        }
        return cls(**fields)

    def activate(self, session: Mapping[str, str], kernel: Mapping[str, object] | None = None) -> Activated:
        """Return the session's variables with this environment activated in it.

        `kernel` are the variables of a kernel.json of the environment, which are set last.
        """
        session, restored = deactivated(session, self.prefix, self.cache)
        variables = session_for(self.prefix, session, self._jupyter) | restored
        inherited = variables.get("PATH", os.defpath)
        own = self._own
        reserved = {*own, "PATH"}
        declares, problems = ({}, []) if self.virtual else declared(self.prefix)
        declares |= {} if self.virtual else capitals(self.variables)
        if self.isolated and not sees_user_site(session):
            variables["PYTHONNOUSERSITE"] = "1"
        variables |= {name: value for name, value in declares.items() if name not in reserved}
        variables |= own | {"PATH": _joined(str(self.prefix / "bin"), inherited)}
        if self.virtual:
            variables.pop("PYTHONHOME", None)  # another Python's would keep this one from starting
        scripts = sorted((self.prefix / "etc/conda/activate.d").glob("*.sh"))
        if scripts and not self.virtual:
            from .scripts import sourced  # not for the many that have none

            outcome = sourced(scripts, variables, self.cache, self.prefix if self.kept else None)
            variables |= outcome.changed
            for name in outcome.removed:
                variables.pop(name, None)
            problems += outcome.problems
        for name, value in (kernel or {}).items():
            self._set(variables, name, Template(str(value)).safe_substitute(variables))
        # nothing takes away what makes it this environment
        variables |= own
        path = variables.get("PATH", "")
        if str(self.prefix / "bin") not in path.split(os.pathsep):
            variables["PATH"] = _joined(str(self.prefix / "bin"), path, inherited)
        return Activated(variables, tuple(problems))

    @property
    def _jupyter(self) -> str:
        return own_prefix() if self.jupyter is None else self.jupyter

    @property
    def _own(self) -> dict[str, str]:
        """The variables that say which environment is active."""
        if self.virtual:
            return {"VIRTUAL_ENV": str(self.prefix), "VIRTUAL_ENV_PROMPT": self.name}
        return {
            "CONDA_PREFIX": str(self.prefix),
            "CONDA_DEFAULT_ENV": self._default_env,
            "CONDA_SHLVL": "1",
            "CONDA_PROMPT_MODIFIER": f"({self.name}) ",
        }

    @property
    def _default_env(self) -> str:
        """Its name if it lies in a folder `envs`, else its path, as conda has it.

        uv takes an environment of which this is neither for conda's base, and installs nothing into it.
        """
        return self.prefix.name if self.prefix.parent.name == "envs" else str(self.prefix)

    def _set(self, variables: dict[str, str], name: str, value: str) -> None:
        """Set a variable of a kernel.json; a list of paths goes in front of what there is."""
        if not is_list(name):
            variables[name] = value
        elif name == "PATH":
            variables[name] = _joined(str(self.prefix / "bin"), value, variables.get(name, ""))
        elif value:
            variables[name] = _joined(value, variables.get(name, ""))


def _joined(*paths: str) -> str:
    """Return lists of paths as one; what stands in an earlier one is not repeated."""
    parts: list[str] = []
    for path in paths:
        parts += [part for part in path.split(os.pathsep) if part and part not in parts]
    return os.pathsep.join(parts)
