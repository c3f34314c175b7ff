"""The service of a hub that hands out tokens for conda-store, with the roles of whoever asks.

It is asked by a user's server with that server's own token for the hub. Who that is, and in which groups, the
hub tells. The service token, from which conda-store makes the others, is in this process alone.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from ...errors import CondaStoreLabError, Forbidden, NotAuthenticated, ServerUnreachable
from ..client import CondaStoreClient
from ..connection import connection_from_environment
from ..credentials import Anonymous
from ..renewal import DIRECTLY
from .configuration import LIFETIME_VARIABLE, LISTEN_VARIABLE, PRIMARY_VARIABLE, ROLES_VARIABLE
from .roles import USER, Roles

ASKING = 30.0  # seconds that the hub may take to say who somebody is
MARGIN = timedelta(seconds=1)  # by which no token outlives the service token
log = logging.getLogger("conda_store_labext.hub")


class Tokens:
    """Makes tokens for users of the hub whose API is at `hub`; safe to use from several threads."""

    def __init__(
        self, client: CondaStoreClient, hub: str, roles: Roles, primary: str, lifetime: float
    ) -> None:
        self._client = client
        self._hub = hub
        self._roles = roles
        self._primary = primary
        self._lifetime = timedelta(seconds=lifetime)

    def for_whom(self, authorization: str) -> dict[str, Any]:
        """Return `token` and `expires_in`, in seconds, for whoever has these credentials for the hub.

        Raises NotAuthenticated, Forbidden for who has no role, and what the client raises.
        """
        user = self._user(authorization)
        name = str(user["name"])
        roles, left_out = self._roles.of(name, [str(group) for group in user.get("groups") or ()])
        for unusable in left_out:
            log.warning("%r cannot be a namespace's name in a role; user %r goes without it", unusable, name)
        # without any roles conda-store would give those of the service token
        if not roles:
            raise Forbidden(f"The hub gives {name} no role in conda-store; ask its administrator for access.")
        now = datetime.now(timezone.utc)
        expires = min(now + self._lifetime, self._last() - MARGIN)
        primary = self._primary.replace(USER, name)
        token = self._client.narrowed_token(roles, expires, primary)
        log.info("A token for %s until %s: %s", name, expires.isoformat(timespec="seconds"), roles)
        return {"token": token, "expires_in": (expires - now).total_seconds()}

    def _user(self, authorization: str) -> Mapping[str, Any]:
        """Return the hub's word on a user; NotAuthenticated for tokens that may not use the user's server."""
        try:
            answer = requests.get(
                f"{self._hub}/user",
                headers={"Authorization": authorization},
                auth=Anonymous(),
                timeout=ASKING,
                allow_redirects=False,
                proxies=dict(DIRECTLY),
            )
            user = answer.json()
        except (requests.RequestException, ValueError):
            raise ServerUnreachable("The hub does not say who this is; try again later.") from None
        if not answer.ok or not isinstance(user, dict) or user.get("kind") != "user":
            raise NotAuthenticated("The hub does not know this token; restart the server.")
        own = (f"access:servers!server={user['name']}/", f"access:servers!user={user['name']}")
        scopes = [str(scope) for scope in user.get("scopes") or ()]
        if "access:servers" not in scopes and not any(scope.startswith(own) for scope in scopes):
            raise NotAuthenticated("This token of the hub does not belong to a server of its user.")
        return user

    def _last(self) -> datetime:
        """Return when the service token ends; NotAuthenticated when conda-store does not know it."""
        self._client.require_authenticated()
        text = self._client.permissions().expires or "9999-12-31T00:00:00"
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


class _Handler(BaseHTTPRequestHandler):
    """Answers `POST` with a token; every refusal is a sentence in `message`."""

    protocol_version = "HTTP/1.1"
    timeout = ASKING
    tokens: Tokens

    def do_POST(self) -> None:
        """Hand out a token."""
        self.close_connection = True  # a body, which nobody needs to send, is not read
        try:
            status, answer = 200, self.tokens.for_whom(self.headers.get("Authorization", ""))
        except Forbidden as error:
            status, answer = 403, {"message": str(error)}
        except NotAuthenticated as error:
            log.warning("Nobody gets a token: %s", error)
            status, answer = 401, {"message": str(error)}
        except CondaStoreLabError as error:
            log.error("No token can be had: %s", error)
            status, answer = 502, {"message": str(error)}
        except Exception:
            log.exception("No token can be had")
            status, answer = 500, {"message": "The log of the hub has the details; ask its administrator."}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002, http.server's name
        """Leave requests out of the log: who got what stands there."""


def serve(tokens: Tokens, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server that hands out these tokens, listening and not yet answering."""
    handler = type("Handler", (_Handler,), {"tokens": tokens})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    return server


def main() -> None:
    """Run the service as its variables say, until the hub ends it."""
    logging.basicConfig(level=logging.INFO, format="[%(levelname).1s %(asctime)s %(name)s] %(message)s")
    connection = connection_from_environment()
    assert connection is not None, "the hub's configuration sets it"
    tokens = Tokens(
        CondaStoreClient(connection),
        os.environ["JUPYTERHUB_API_URL"],
        Roles.from_json(os.environ[ROLES_VARIABLE]),
        os.environ[PRIMARY_VARIABLE],
        float(os.environ[LIFETIME_VARIABLE]),
    )
    host, _, port = os.environ[LISTEN_VARIABLE].rpartition(":")
    serve(tokens, host, int(port)).serve_forever()
