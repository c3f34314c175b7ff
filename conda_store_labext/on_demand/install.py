"""`python -m conda_store_labext.on_demand.install`: let Jupyter start kernels by old names, or not.

    <config folder>/
        jupyter_server_config.json  ServerApp.kernel_spec_manager_class
        jupyter_config.json         NotebookClient.kernel_manager_class: nbconvert, papermill, jupyter execute
                                    JupyterConsoleApp.kernel_manager_class: jupyter console, jupyter run
        voila.json                  VoilaConfiguration.kernel_spec_manager_class

Exactly these keys are written, and NotebookApp.kernel_spec_manager_class where another extension sets it.
They are removed as long as they say what was written. A kernelspec manager that was configured before, in
whatever file, goes on to know all other kernels.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_core.paths import ENV_CONFIG_PATH, jupyter_config_dir

from ..errors import CondaStoreLabError, InvalidRequest
from ..errors.os_errors import explain
from ..store.files import replace_text
from .settings import MOVED, OTHERS, SERVER, SETTINGS, EffectiveValue, Setting, effective_value


def enable(folder: Path) -> None:
    """Write the settings into a folder of Jupyter's; InvalidRequest where somebody else's stand there."""
    files = _read(folder)
    # what a script says cannot be looked up again each time that a server starts
    scripted = [entry.value for entry in SERVER.configured() if entry.file.suffix == ".py"]
    moved = any(entry.section == MOVED.section for entry in MOVED.configured())
    for setting in (*SETTINGS, *([MOVED] if moved else [])):
        content = files[setting.file]
        section = content.setdefault(setting.section, {})
        before = section.get(setting.name) or (scripted[-1] if scripted and setting is SERVER else None)
        if before not in (None, setting.value):
            if not setting.chains:
                raise InvalidRequest(
                    f"{folder / setting.file} sets {setting.key} to {before!r}; remove that first."
                )
            content.setdefault(OTHERS[0], {})[OTHERS[1]] = before
        section[setting.name] = setting.value
    _write(folder, files)


def disable(folder: Path) -> None:
    """Remove what `enable` wrote, as far as it is still there."""
    files = _read(folder)
    for setting in (*SETTINGS, MOVED):
        content = files[setting.file]
        if content.get(setting.section, {}).get(setting.name) == setting.value:
            _discard(content, setting.section, setting.name)
            others = content.get(OTHERS[0], {}).get(OTHERS[1])
            if others and setting.chains and setting is not MOVED and not _said_by_script(setting, others):
                content.setdefault(setting.section, {})[setting.name] = others
    for content in files.values():
        _discard(content, *OTHERS)
    _write(folder, files)


def sentence(state: EffectiveValue) -> str:
    """Return how a setting stands, in a line."""
    if state.on:
        return f"on   {state.key} ({state.file})"
    if state.file is None:
        return f"off  {state.key}"
    return f"off  {state.key}: {state.file} sets {state.section}'s to {state.value}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the options say, and tell how things stand; 1 if it failed or another file overrules it."""
    parser = argparse.ArgumentParser(
        prog="python -m conda_store_labext.on_demand.install", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--enable", action="store_true", help="write the settings")
    what.add_argument("--disable", action="store_true", help="remove them")
    what.add_argument("--status", action="store_true", help="only say what counts; this is the default")
    parser.add_argument(
        "--sys-prefix", action="store_true", help="for every user of this Python, not for this user alone"
    )
    options = parser.parse_args(arguments)
    folder = Path(ENV_CONFIG_PATH[0] if options.sys_prefix else jupyter_config_dir())
    try:
        if options.enable:
            enable(folder)
        elif options.disable:
            disable(folder)
        states = [effective_value(setting) for setting in SETTINGS]
        _say("\n".join(map(sentence, states)))
    except CondaStoreLabError as error:
        print(f"conda_store_labext.on_demand.install: {error}", file=sys.stderr)
        return 1
    overruled = [state for state in states if not state.on]
    if options.enable and overruled:
        named = ", ".join(sorted({str(state.file) for state in overruled if state.file}))
        print(
            f"conda_store_labext.on_demand.install: {named} takes precedence over {folder}; correct that file"
            f"{'' if options.sys_prefix else ', or use --sys-prefix'}.",
            file=sys.stderr,
        )
        return 1
    return 0


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    contents: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(setting.file for setting in SETTINGS):
        try:
            content = json.loads((folder / name).read_text("utf-8"))
        except FileNotFoundError:
            content = {}
        except (OSError, ValueError):
            content = None
        if not isinstance(content, dict) or not all(
            isinstance(content.get(section, {}), dict)
            for section in (*(setting.section for setting in (*SETTINGS, MOVED)), OTHERS[0])
        ):
            raise InvalidRequest(
                f"{folder / name} is not a configuration file of Jupyter; correct or remove it."
            )
        contents[name] = content
    return contents


def _write(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    before = _read(folder)
    try:
        for name, settings in files.items():
            if settings == before[name]:
                continue
            if not settings:  # nothing was there before us
                (folder / name).unlink()
                continue
            folder.mkdir(parents=True, exist_ok=True)
            replace_text(folder / name, json.dumps(settings, indent=2) + "\n", 0o644)
    except OSError as error:
        raise explain(error, folder, "JUPYTER_CONFIG_DIR") from None


def _said_by_script(setting: Setting, value: str) -> bool:
    return any(entry.file.suffix == ".py" and entry.value == value for entry in setting.configured())


def _discard(settings: dict[str, Any], section: str, name: str) -> None:
    settings.get(section, {}).pop(name, None)
    if section in settings and not settings[section]:
        del settings[section]


if __name__ == "__main__":
    sys.exit(main())
