"""Configuration of a JupyterHub whose users' servers get tokens for conda-store."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ...errors import InvalidRequest
from ...specifications.addresses import is_loopback
from ..connection import Connection
from ..renewal import ADDRESS
from .roles import Roles

SERVICE = "conda-store-tokens"
ROLES_VARIABLE = "CONDA_STORE_LABEXT_HUB_ROLES"
LISTEN_VARIABLE = "CONDA_STORE_LABEXT_HUB_LISTEN"
LIFETIME_VARIABLE = "CONDA_STORE_LABEXT_HUB_LIFETIME"
PRIMARY_VARIABLE = "CONDA_STORE_LABEXT_HUB_PRIMARY"
OURS = "http://127.0.0.1:10101"
HOUR = 3600.0


def give_tokens(
    c: Any,
    url: str,
    token: str,
    *,
    everybody: Mapping[str, str] | None = None,
    groups: Mapping[str, Mapping[str, str]] | None = None,
    each_group: Mapping[str, str] | None = None,
    primary: str = "default",
    lifetime: float = HOUR,
    address: str = OURS,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Have a hub hand out tokens for the conda-store at `url` to its users' servers.

    `c` is the configuration in jupyterhub_config.py. `token` is the service token: it may do at least what
    the users may, and stays in the hub. The roles are those of `Roles`. `primary` is the namespace that a
    user's own environments go to; it may be `{user}`. A token ends after `lifetime` seconds and is renewed
    before. `address` is where the users' servers reach the service that the hub runs for this; on another
    host than this one its port is opened to the network. `environment` has CONDA_STORE_NO_VERIFY and the
    like for the service. Raises InvalidRequest for what cannot work.
    """
    connection = Connection(url, auth="token", token=token)
    if not token:
        raise InvalidRequest("There is no service token for conda-store; give the hub one.")
    roles = Roles(everybody or {}, groups or {}, each_group or {})
    port = urlsplit(address).port
    if port is None:
        raise InvalidRequest(f"{address} names no port for the service to listen at; write it like {OURS}.")
    kept = {name: environment[name] for name in ("CONDA_STORE_NO_VERIFY",) if name in environment}
    c.JupyterHub.services.append(
        {
            "name": SERVICE,
            "command": [sys.executable, "-m", __package__],
            "environment": {
                **kept,
                "CONDA_STORE_URL": connection.url,
                "CONDA_STORE_TOKEN": token,
                ROLES_VARIABLE: roles.to_json(),
                PRIMARY_VARIABLE: primary,
                LIFETIME_VARIABLE: str(lifetime),
                LISTEN_VARIABLE: f"{'127.0.0.1' if is_loopback(address) else ''}:{port}",
            },
        }
    )
    c.Spawner.environment.update({"CONDA_STORE_URL": connection.url, ADDRESS: address})
