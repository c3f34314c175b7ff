"""The server extension's options in Jupyter's configuration files, for programs that are no server."""

from __future__ import annotations

from traitlets import TraitError
from traitlets.config import Config

from ...copies.services import Settings
from ...errors import InvalidRequest
from ...models.quantities import parse_size
from ...on_demand.config_files import section
from ...repositories.policy import Policy
from .options import Options

SECTION = "CondaStoreApp"
FILES = ("jupyter_config", "jupyter_server_config", "jupyter_conda_store_labext_config")


class Configured:
    """The options as a Jupyter server of this user has them, without those of its command line.

    Where no file sets an option, its variable does. Raises InvalidRequest for a value that an option cannot
    have.
    """

    def __init__(self) -> None:
        try:
            # traitlets looks for the name of the class
            self._options = Options(config=Config({Options.__name__: section(SECTION, FILES)}))
        except TraitError as error:
            raise InvalidRequest(f"Jupyter's configuration: {error} Correct {SECTION} there.") from None

    def settings(self) -> Settings:
        """Return where environments come from and go to."""
        if self._options.size_limit.strip():
            parse_size(self._options.size_limit)
        return self._options.copy_settings()

    def policy(self) -> Policy:
        """Return which repositories may be opened."""
        return self._options.repository_policy()
