"""The outcome of activation scripts."""

from __future__ import annotations

from typing import NamedTuple

# a shell's own variables, which no script is credited with
SHELL_OWN = frozenset({"_", "PWD", "OLDPWD", "SHLVL", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"})


class Outcome(NamedTuple):
    """The outcome of scripts: variables they set, names they took away, sentences on those that failed."""

    changed: dict[str, str]
    removed: list[str]
    problems: list[str]
