"""Options of the server extension, and the settings of copies and repositories that they make."""

from __future__ import annotations

import os
from pathlib import Path

from traitlets import Bool, Bunch, Dict, Enum, Float, Int, List, TraitError, Unicode, default, validate

from ...client.connection import DEFAULT_TIMEOUT, Connection, default_auth, verify_from_environment
from ...client.renewal import ADDRESS
from ...copies.in_place import folders_in_place
from ...copies.services import Settings
from ...errors import InvalidRequest
from ...kernels.names import check_template
from ...kernels.session import has_additions, keeps_credentials, sees_user_site
from ...local import LocalServer
from ...models.quantities import parse_size
from ...on_demand.sync import DEFAULT_PACKAGES
from ...pipeline.limits import CONCURRENCY
from ...store.paths import WAYS, chosen_way, default_root, environment_folders, links_files, shared_roots
from .repository_options import RepositoryOptions


class Options(RepositoryOptions):
    """Traits whose defaults come from the variables of the conda-store client that their help names."""

    url = Unicode(
        help="URL of the conda-store server, prefix included; empty: the local store. From CONDA_STORE_URL.",
    ).tag(config=True)
    auth = Unicode(
        help="How to sign in: none, basic or token. From CONDA_STORE_AUTH, else what the credentials imply.",
    ).tag(config=True)
    username = Unicode(help="User name for basic authentication. From CONDA_STORE_USERNAME.").tag(config=True)
    password = Unicode(help="Password for basic authentication. From CONDA_STORE_PASSWORD.").tag(config=True)
    token = Unicode(help="Token for token authentication. From CONDA_STORE_TOKEN.").tag(config=True)
    token_url = Unicode(
        help="Address at which a hub hands out tokens to this server, where no token is given. "
        "From CONDA_STORE_LABEXT_TOKEN_URL.",
    ).tag(config=True)
    verify = Bool(help="Whether to check certificates. False when CONDA_STORE_NO_VERIFY is set.").tag(
        config=True
    )
    timeout = Float(
        DEFAULT_TIMEOUT, help="Seconds to wait for the server to connect, and between two of its bytes."
    ).tag(config=True)
    namespaces = List(Unicode(), help="Namespaces to show; empty: all that the server shows.").tag(
        config=True
    )
    folder = Unicode(
        help="Folder for the local copies of environments. From CONDA_STORE_LABEXT_FOLDER, "
        "else conda-store in Jupyter's data folder.",
    ).tag(config=True)
    shared_folders = List(
        Unicode(),
        help="Folders of local copies that others fill, looked into first and only read. "
        "From CONDA_STORE_LABEXT_SHARED, separated like PATH.",
    ).tag(config=True)
    in_place = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="Folders of the conda-store server that this machine can read, by their paths there and here: "
        "builds in them are used where they are. From CONDA_STORE_LABEXT_IN_PLACE, as there=here.",
    ).tag(config=True)
    local_store_in_place = Bool(
        False, help="Whether builds of the local store are used where it has them, instead of being copied."
    ).tag(config=True)
    link_files = Bool(
        help="Whether files that a new environment has in common with one that is here are linked instead "
        "of written again. False when CONDA_STORE_LABEXT_LINK is 0.",
    ).tag(config=True)
    way = Enum(
        WAYS,
        help="How builds come here: by their `archive`, by the `packages` of their lockfile, or (`auto`) by "
        "whichever is less work. From CONDA_STORE_LABEXT_WAY, by default `auto`.",
    ).tag(config=True)
    keep_credentials = Bool(
        help="Whether kernels inherit the server's token and password for conda-store. "
        "True when CONDA_STORE_LABEXT_KEEP_CREDENTIALS is 1.",
    ).tag(config=True)
    user_site = Bool(
        help="Whether kernels of environments import packages that pip put into the home folder (~/.local). "
        "True when CONDA_STORE_LABEXT_USER_SITE is 1.",
    ).tag(config=True)
    additions = Bool(
        help="Whether what kernels install goes into an overlay of the user's instead of into the copy. "
        "False when CONDA_STORE_LABEXT_ADDITIONS is 0.",
    ).tag(config=True)
    size_limit = Unicode(
        help="What all local copies together may take, e.g. 20GB: beyond that the least recently used go; "
        "empty: no limit. From CONDA_STORE_LABEXT_SIZE_LIMIT.",
    ).tag(config=True)
    concurrency = Int(CONCURRENCY, min=1, help="How many environments are fetched at a time.").tag(
        config=True
    )
    sync_kernels = Bool(
        False,
        help="Whether environments appear as kernels without being downloaded: they are fetched when they "
        "are started.",
    ).tag(config=True)
    sync_namespaces = List(Unicode(), help="Namespaces whose environments become kernels; empty: all.").tag(
        config=True
    )
    sync_packages = List(
        Unicode(),
        list(DEFAULT_PACKAGES),
        help="Packages that bring a kernel, one of which an environment needs to become one.",
    ).tag(config=True)
    sync_limit = Int(
        20,
        min=1,
        help="How many environments become kernels: preferred and used ones first, then those built last. "
        "The others are found by searching.",
    ).tag(config=True)
    sync_interval = Float(
        600.0, min=1.0, help="Seconds from one look at the server to the next for what becomes a kernel."
    ).tag(config=True)
    kernel_display_name = Unicode(
        help="Template for the names of these kernels, with {environment}, {namespace}, {build}, {language} "
        "and {server}; empty: the environment, and in parentheses the namespace.",
    ).tag(config=True)
    environment_folders = List(
        Unicode(),
        help="Folders with virtual or conda environments of this machine, looked into before the customary "
        "ones. From CONDA_STORE_LABEXT_ENVIRONMENTS, separated like PATH.",
    ).tag(config=True)
    local_store_outlives_server = Bool(
        True, help="Whether a local store that was started here goes on when this Jupyter server ends."
    ).tag(config=True)

    @validate("kernel_display_name")
    def _valid_kernel_display_name(self, proposal: Bunch) -> str:
        try:
            return check_template(proposal["value"]) if proposal["value"] else ""
        except InvalidRequest as error:
            raise TraitError(str(error)) from None

    @default("url")
    def _default_store_url(self) -> str:
        return os.environ.get("CONDA_STORE_URL", "")

    @default("auth")
    def _default_auth(self) -> str:
        return os.environ.get("CONDA_STORE_AUTH") or default_auth(self.token or self.token_url, self.username)

    @default("username")
    def _default_username(self) -> str:
        return os.environ.get("CONDA_STORE_USERNAME", "")

    @default("password")
    def _default_password(self) -> str:
        return os.environ.get("CONDA_STORE_PASSWORD", "")

    @default("token")
    def _default_token(self) -> str:
        return os.environ.get("CONDA_STORE_TOKEN", "")

    @default("token_url")
    def _default_token_url(self) -> str:
        return os.environ.get(ADDRESS, "")

    @default("verify")
    def _default_verify(self) -> bool:
        return verify_from_environment()

    @default("folder")
    def _default_folder(self) -> str:
        return str(default_root())

    @default("shared_folders")
    def _default_shared_folders(self) -> list[str]:
        return [str(folder) for folder in shared_roots()]

    @default("environment_folders")
    def _default_environment_folders(self) -> list[str]:
        return [str(folder) for folder in environment_folders()]

    @default("link_files")
    def _default_link_files(self) -> bool:
        return links_files()

    @default("way")
    def _default_way(self) -> str:
        return chosen_way()

    @default("keep_credentials")
    def _default_keep_credentials(self) -> bool:
        return keeps_credentials(os.environ)

    @default("user_site")
    def _default_user_site(self) -> bool:
        return sees_user_site(os.environ)

    @default("additions")
    def _default_additions(self) -> bool:
        return has_additions(os.environ)

    @default("in_place")
    def _default_in_place(self) -> dict[str, str]:
        return folders_in_place()

    @default("size_limit")
    def _default_size_limit(self) -> str:
        return os.environ.get("CONDA_STORE_LABEXT_SIZE_LIMIT", "")

    def _connection(self) -> Connection | InvalidRequest | None:
        """Return the configured connection, or what is wrong with it: the panel says so, too."""
        if not self.url:
            return None
        try:
            return Connection(
                self.url,
                auth=self.auth,
                username=self.username,
                password=self.password,
                token=self.token,
                token_url=self.token_url,
                verify=self.verify,
                timeout=self.timeout,
            )
        except InvalidRequest as error:
            self.log.error("%s", error)
            return error

    def copy_settings(self) -> Settings:
        """Return where environments come from and go to, as the options say."""
        own = str(LocalServer().paths.environments)
        return Settings(
            self._connection(),
            root=Path(self.folder),
            shared=tuple(map(Path, self.shared_folders)),
            environment_folders=tuple(Path(folder).expanduser() for folder in self.environment_folders),
            in_place={**self.in_place, **({own: own} if self.local_store_in_place else {})},
            link_files=self.link_files,
            way=self.way,
            size_limit=self._size_limit(),
            concurrency=self.concurrency,
            namespaces=tuple(self.namespaces),
            timeout=self.timeout,
        )

    def _size_limit(self) -> int | None:
        """Return the bytes that all copies may take, None for no limit."""
        if not self.size_limit.strip():
            return None
        try:
            return parse_size(self.size_limit)
        except InvalidRequest as error:
            self.log.error("CondaStoreApp.size_limit: %s", error)
            return None
