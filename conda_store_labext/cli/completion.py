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
complete -o filenames -o default -F FUNCTION jupyter-conda-store
complete -o filenames -o default -F _jupyter_conda_store jupyter
"""

# In zsh the script is a file in `fpath`, or is sourced.
JUPYTER_ZSH = r"""
_jupyter_conda_store() {
  if [[ $words[2] == conda-store ]] && (( CURRENT > 2 )); then
    shift words
    (( CURRENT-- ))
    words[1]=jupyter-conda-store
    FUNCTION "$@"
  elif (( $+functions[_jupyter] )); then
    _jupyter "$@"
  elif (( CURRENT == 2 )); then
    compadd conda-store
  else
    _default
  fi
}

case $zsh_eval_context[-1] in
  eval | file)
    compdef FUNCTION jupyter-conda-store
    compdef _jupyter_conda_store jupyter
    ;;
  *) if [[ $service == jupyter ]]; then _jupyter_conda_store "$@"; else FUNCTION "$@"; fi ;;
esac
"""

# In tcsh what completed `jupyter` before stays, and this is left out.
JUPYTER_TCSH = """

complete jupyter | grep -q .
if ( $status ) complete jupyter """

FILES = ("FILE", "NOTEBOOK", "PATH", "-- COMMAND...")
ZSH_END = "typeset -A opt_args"  # the last line of shtab's before its own end


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
    if options.shell == "zsh":
        _tell_zsh(parser)
    script = shtab.complete(parser, shell=options.shell)
    function = f"_shtab_{PROGRAM.replace('-', '_')}"
    if options.shell == "bash":
        script += JUPYTER_BASH.replace("FUNCTION", function)
    elif options.shell == "zsh":
        start, end, _ = script.rpartition(ZSH_END)
        script = start.replace(f"#compdef {PROGRAM}", f"#compdef {PROGRAM} jupyter", 1) + end
        script += f"\n{JUPYTER_ZSH.replace('FUNCTION', function)}"
    else:
        script = script.replace("'p/*/()/'", "'p/*/f/'")  # what is none of ours is a file
        rules = script.partition(f"complete {PROGRAM} ")[2]
        rules = rules.replace("'p/1/", "'p/1/(conda-store)/' \\\n        'n/conda-store/", 1)
        script += JUPYTER_TCSH + rules
    print(script)
    return 0


def _tell_zsh(parser: argparse.ArgumentParser) -> None:
    """Say what is a file and what nobody knows: where nothing is said zsh does not offer options either."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _tell_zsh(command)
        elif action.nargs != 0 and not action.choices:
            vars(action)["complete"] = {"zsh": "_files" if action.metavar in FILES else "()"}
