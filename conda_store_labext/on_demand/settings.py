"""The options that let Jupyter's programs start kernels by old names, and what counts for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .config_files import ConfiguredValue, configured, moves_notebook_options

MANAGERS = "conda_store_labext.on_demand.managers"
SPEC_MANAGER = "kernel_spec_manager_class"
SERVER_MANAGER = f"{MANAGERS}.CondaStoreKernelSpecManager"
OTHERS = ("CondaStoreKernelSpecManager", "others_class")  # section and name in the same file


@dataclass(frozen=True)
class Setting:
    """One option: its file, its section and name there, the value that switches us on, and who reads it.

    `places` are files (without ending) and sections in which it is said, too, the stronger ones later.
    """

    file: str
    section: str
    name: str
    value: str
    places: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """Return what people call it."""
        return f"{self.section}.{self.name}"

    @property
    def chains(self) -> bool:
        """Tell whether another's value goes on to count beside ours."""
        return self.name == SPEC_MANAGER

    def configured(self) -> list[ConfiguredValue]:
        """Return everything that files say of it, the value that counts last."""
        moved = moves_notebook_options()
        return configured(self.name, [place for place in self.places if moved or place[1] != "NotebookApp"])


SERVER_PLACES = (
    ("jupyter_config", "ServerApp"),
    ("jupyter_server_config", "ServerApp"),
    ("jupyter_config", "NotebookApp"),
    ("jupyter_server_config", "NotebookApp"),
)
SERVER = Setting("jupyter_server_config.json", "ServerApp", SPEC_MANAGER, SERVER_MANAGER, SERVER_PLACES)
# Only where somebody sets it: JupyterLab lets it go before what `ServerApp` says.
MOVED = Setting("jupyter_server_config.json", "NotebookApp", SPEC_MANAGER, SERVER_MANAGER, SERVER_PLACES)
NOTEBOOKS = Setting(
    "jupyter_config.json",
    "NotebookClient",
    "kernel_manager_class",
    f"{MANAGERS}.AsyncCondaStoreKernelManager",
    (("jupyter_config", "NotebookClient"), ("jupyter_nbconvert_config", "NotebookClient")),
)
CONSOLES = Setting(
    "jupyter_config.json",
    "JupyterConsoleApp",
    "kernel_manager_class",
    f"{MANAGERS}.CondaStoreKernelManager",
    (("jupyter_config", "JupyterConsoleApp"), ("jupyter_console_config", "JupyterConsoleApp")),
)
VOILA = Setting(
    "voila.json", "VoilaConfiguration", SPEC_MANAGER, SERVER_MANAGER, (("voila", "VoilaConfiguration"),)
)
SETTINGS = (SERVER, NOTEBOOKS, CONSOLES, VOILA)


@dataclass(frozen=True)
class EffectiveValue:
    """The value that counts for a setting: whether it is ours, and the file and section it is in, if any."""

    key: str
    on: bool
    value: str | None
    file: Path | None
    section: str | None


def effective_value(setting: Setting) -> EffectiveValue:
    """Return what counts for a setting, as Jupyter merges its files."""
    entries = setting.configured()
    if not entries:
        return EffectiveValue(setting.key, False, None, None, None)
    last = entries[-1]
    return EffectiveValue(setting.key, last.value == setting.value, str(last.value), last.file, last.section)


def beside() -> str | None:
    """Return the kernelspec manager that a Jupyter server would have without ours, as `.json` files say."""
    entries = configured(SPEC_MANAGER, SERVER_PLACES, scripts=False)
    others = [
        entry.value for entry in entries if isinstance(entry.value, str) and entry.value != SERVER_MANAGER
    ]
    return others[-1] if others else None
