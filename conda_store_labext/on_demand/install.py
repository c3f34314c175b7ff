"""`python -m conda_store_labext.on_demand.install`: let Jupyter start `conda-store://` kernels, or not.

    <config folder>/
        jupyter_server_config.json    ServerApp.kernel_spec_manager_class
        jupyter_config.json           NotebookClient.kernel_manager_class     nbconvert, jupyter execute
                                      JupyterConsoleApp.kernel_manager_class  jupyter console, jupyter run

Exactly these keys are written, and removed as long as they say what was written. A kernelspec manager that
was configured before goes on to know all other kernels, and comes back when this is switched off.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_core.paths import ENV_CONFIG_PATH, jupyter_config_dir

from ..errors import CacheNotWritable, CondaStoreLabError, InvalidRequest

MANAGERS = "conda_store_labext.on_demand.managers"
OTHERS = ("CondaStoreKernelSpecManager", "others_class")


@dataclass(frozen=True)
class Setting:
    """One setting: its file, its section and name there, and what switches us on."""

    file: str
    section: str
    name: str
    value: str


SERVER = Setting(
    "jupyter_server_config.json",
    "ServerApp",
    "kernel_spec_manager_class",
    f"{MANAGERS}.CondaStoreKernelSpecManager",
)
SETTINGS = (
    SERVER,
    Setting(
        "jupyter_config.json",
        "NotebookClient",
        "kernel_manager_class",
        f"{MANAGERS}.AsyncCondaStoreKernelManager",
    ),
    Setting(
        "jupyter_config.json",
        "JupyterConsoleApp",
        "kernel_manager_class",
        f"{MANAGERS}.CondaStoreKernelManager",
    ),
)


def enable(folder: Path) -> None:
    """Write the settings into a folder of Jupyter's; InvalidRequest where somebody else's stand there."""
    files = _read(folder)
    for setting in SETTINGS:
        section = files[setting.file].setdefault(setting.section, {})
        before = section.get(setting.name)
        if before not in (None, setting.value):
            if setting is not SERVER:
                raise InvalidRequest(
                    f"{folder / setting.file} sets {setting.section}.{setting.name} to {before!r}; "
                    "remove that first."
                )
            files[setting.file].setdefault(OTHERS[0], {})[OTHERS[1]] = before
        section[setting.name] = setting.value
    _write(folder, files)


def disable(folder: Path) -> None:
    """Remove what `enable` wrote, as far as it is still there."""
    files = _read(folder)
    for setting in SETTINGS:
        if files[setting.file].get(setting.section, {}).get(setting.name) == setting.value:
            _discard(files[setting.file], setting.section, setting.name)
            if setting is SERVER:
                others = _discard(files[setting.file], *OTHERS)
                if others:
                    files[setting.file].setdefault(setting.section, {})[setting.name] = others
    _write(folder, files)


def enabled(folder: Path) -> dict[str, bool]:
    """Return which of the settings are as `enable` writes them, by `section.name`."""
    files = _read(folder)
    return {
        f"{one.section}.{one.name}": files[one.file].get(one.section, {}).get(one.name) == one.value
        for one in SETTINGS
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the options say, and tell how things stand; 1 if it failed."""
    parser = argparse.ArgumentParser(
        prog="python -m conda_store_labext.on_demand.install", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--enable", action="store_true", help="write the settings")
    what.add_argument("--disable", action="store_true", help="remove them")
    what.add_argument("--status", action="store_true", help="only say what is on; this is the default")
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
        for name, on in enabled(folder).items():
            print(f"{'on ' if on else 'off'}  {name}")
        print(f"in {folder}")
    except CondaStoreLabError as error:
        print(f"conda_store_labext.on_demand.install: {error}", file=sys.stderr)
        return 1
    return 0


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(setting.file for setting in SETTINGS):
        try:
            said = json.loads((folder / name).read_text("utf-8"))
        except FileNotFoundError:
            said = {}
        except (OSError, ValueError):
            said = None
        if not isinstance(said, dict) or not all(
            isinstance(said.get(section, {}), dict)
            for section in (*(one.section for one in SETTINGS), OTHERS[0])
        ):
            raise InvalidRequest(f"{folder / name} is no configuration of Jupyter's; mend or remove it.")
        found[name] = said
    return found


def _write(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    before = _read(folder)
    try:
        for name, settings in files.items():
            if settings == before[name]:
                continue
            folder.mkdir(parents=True, exist_ok=True)
            fd, new = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                os.fchmod(fd, 0o644)
                file.write(json.dumps(settings, indent=2) + "\n")
            Path(new).replace(folder / name)
    except OSError as error:
        raise CacheNotWritable(
            f"The configuration cannot be written to {folder} ({error.strerror}); make that folder writable."
        ) from None


def _discard(settings: dict[str, Any], section: str, name: str) -> str | None:
    value: str | None = settings.get(section, {}).pop(name, None)
    if section in settings and not settings[section]:
        del settings[section]
    return value


if __name__ == "__main__":
    sys.exit(main())
