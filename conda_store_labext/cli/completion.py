"""`jupyter conda-store completion`: the script that lets a shell complete the commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from .command import Commands

PROGRAM = "jupyter-conda-store"
SHELLS = ("bash", "zsh", "tcsh")

# `jupyter conda-store` runs that program, whose completion serves here, too. Whatever completed `jupyter`
# before goes on to complete the rest.
JUPYTER_BASH = r"""
_jupyter_conda_store_before=$(complete -p jupyter 2> /dev/null | sed -n 's/.*-F \([^ ]*\) .*/\1/p')
_jupyter_conda_store() {
  if [ "${COMP_WORDS[1]}" = conda-store ] && [ "$COMP_CWORD" -gt 1 ]; then
    COMP_WORDS=(jupyter-conda-store "${COMP_WORDS[@]:2}")
    COMP_CWORD=$((COMP_CWORD - 1))
    FUNCTION jupyter-conda-store "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  elif [ -n "$_jupyter_conda_store_before" ]; then
    "$_jupyter_conda_store_before" "$@"
  elif [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W conda-store -- "${COMP_WORDS[1]}"))
  fi
}
complete -o filenames -o default -F _jupyter_conda_store jupyter
"""


def add_commands(commands: Commands, parser: Callable[[], argparse.ArgumentParser]) -> None:
    """Add the command to a parser's; `parser` gives the whole one."""
    sub = commands.add(
        "completion", lambda options: completion(options, parser()), "Print a shell's completion.", json=False
    )
    sub.add_argument("shell", choices=SHELLS)


def completion(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Print the script for one shell."""
    import shtab

    parser.prog = PROGRAM
    print(shtab.complete(parser, shell=options.shell))
    if options.shell == "bash":
        print(JUPYTER_BASH.replace("FUNCTION", f"_shtab_{PROGRAM.replace('-', '_')}"))
    return 0
