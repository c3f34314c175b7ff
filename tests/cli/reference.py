"""docs/command-line.md, made from the parser; `python -m tests.docs.write` writes it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from conda_store_labext.cli import EPILOG, parser

FILE = Path(__file__).parents[2] / "docs" / "command-line.md"

HEAD = """\
# The command line

`jupyter conda-store` does without a browser what the panel does, and more. This page lists every command;
[Using it](use.md#the-command-line) shows the usual ones, and [With a pipeline](pipelines.md) puts them
together.

`BUILD|NAMESPACE/ENVIRONMENT[:BUILD]` is a build: `12`, `analysis/data:12`, or `analysis/data` for the
newest one. Where `NAMESPACE/ENVIRONMENT[:BUILD]` stands alone, `analysis/data` means the active build.

`--json` prints JSON on standard output, and nothing else. Progress is shown on a terminal only. Errors are
one sentence on standard error. What takes something away from everybody asks on a terminal first, and wants
`--yes` where nobody can be asked.

"""

COMPLETION = """\
## Completion

```bash
jupyter conda-store completion bash > ~/.conda-store-completion
echo 'source ~/.conda-store-completion' >> ~/.bashrc
jupyter conda-store completion zsh > ~/.zfunc/_jupyter-conda-store    # with ~/.zfunc in fpath
jupyter conda-store completion tcsh > ~/.conda-store-completion       # and `source` it in ~/.tcshrc
```

Both `jupyter-conda-store` and `jupyter conda-store` are completed, in each of the three shells. In bash and
zsh what completed `jupyter` before goes on to complete the rest; in tcsh it stays as it is, and only
`jupyter-conda-store` is completed then.

"""


def rendered() -> str:
    """Return the page."""
    whole = parser()
    variables, codes = EPILOG.strip().split("\n\n")
    parts = [HEAD, f"{variables}\n\n", f"{codes[:1].upper()}{codes[1:]}\n\n", COMPLETION]
    for name, about, command in _commands(whole, ""):
        parts.append(f"## {name}\n\n{about}\n\n```\n{_usage(name, command)}\n```\n\n")
        rows = [(_shown(action), (action.help or "").replace("|", "\\|")) for action in _listed(command)]
        if rows:
            cells = "".join(f"| {shown} | {says} |\n" for shown, says in rows)
            parts.append(f"| | |\n| --- | --- |\n{cells}\n")
    return "".join(parts).rstrip() + "\n"


def _commands(
    program: argparse.ArgumentParser, prefix: str
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    for action in program._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, sub in action.choices.items():
                below = list(_commands(sub, f"{prefix}{name} "))
                yield from below or [(f"{prefix}{name}", helps[name], sub)]


def _listed(command: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in command._actions if action.help and action.dest not in ("help", "json")]


def _shown(action: argparse.Action) -> str:
    value = _value(action).replace("|", "\\|")
    names = ", ".join(f"`{name}`" for name in action.option_strings)
    return f"{names} `{value}`" if names and value else names or f"`{value}`"


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    return str(action.metavar or "|".join(map(str, action.choices or ())) or action.dest.upper())


def _usage(name: str, command: argparse.ArgumentParser) -> str:
    words = ["jupyter conda-store", name]
    for action in command._actions:
        if action.dest == "help":
            continue
        value = _value(action)
        if action.option_strings:
            words.append(f"[{' '.join(filter(None, (action.option_strings[0], value)))}]")
        elif action.nargs in ("*", "?"):
            words.append(f"[{value}]" + "..." * (action.nargs == "*"))
        else:
            words.append(value + "..." * (action.nargs == "+"))
    return " ".join(words)
