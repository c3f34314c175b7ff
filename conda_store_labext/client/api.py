"""Questions to one server in conda-store's envelope, with refusals that name what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from ..errors import Forbidden, NotAuthenticated, NotFound, ServerError
from .connection import Connection
from .pool import DaemonPool
from .transport import Transport

PREFIX = "api/v1"
PAGE_SIZE = 100  # the server's own upper limit
CONCURRENCY = 8
LISTS = ("environment/", "build/", "namespace/", "package/")


class Api:
    """The server's REST API below `api/v1`; blocking, safe to use from several threads.

    Every method raises the kinds of CondaStoreLabError that `transport` names. `what` names the thing asked
    for in the sentence of a refusal. `pool` is for asking several things at a time.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.transport = Transport(connection)
        self.pool = DaemonPool(CONCURRENCY, "conda-store-client")

    def close(self) -> None:
        """Close the connections; requests under way end at once with ServerUnreachable."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.transport.close()

    def get(self, path: str, what: str = "", /, **params: str | int | list[str]) -> dict[str, Any]:
        """Return the envelope at a path; empty parameters are left out."""
        chosen = {key: value for key, value in params.items() if value != ""}
        try:
            envelope, _ = self.transport.json(f"{PREFIX}/{path}", chosen)
            self._check(envelope, path in LISTS or path.endswith("/packages/"))
            return envelope
        except (NotFound, Forbidden) as error:
            # to an unknown token private environments look forbidden or absent: say the real reason
            if path != "permission/":
                self.require_authenticated()
            if not what:
                raise
            raise type(error)(
                f"conda-store at {self.connection.url} has no {what} that you can see; "
                "check the name and your access to it."
            ) from None

    def server(self) -> tuple[str, str]:
        """Return the server's version, e.g. `2025.2.2`, and its time as HTTP's Date has it, or ""."""
        try:
            envelope, headers = self.transport.json(f"{PREFIX}/")
        except NotFound:
            why = f"There is no conda-store at {self.connection.url}"
            raise ServerError(f"{why}; check that CONDA_STORE_URL ends with its URL prefix.") from None
        self._check(envelope, False)
        return str(envelope["data"].get("version", "")), headers.get("Date", "")

    def all(self, path: str, **params: str | int | list[str]) -> Iterator[dict[str, Any]]:
        """Yield the rows of all pages."""
        page = 1
        while True:
            envelope = self.get(path, page=page, size=PAGE_SIZE, **params)
            yield from envelope["data"]
            if page * PAGE_SIZE >= envelope["count"] or not envelope["data"]:
                return
            page += 1

    def change(self, method: str, path: str, to_do: str, body: object = None) -> dict[str, Any]:
        """Have something changed and return what the server says; `to_do` is a verb with its object."""
        try:
            response = self.transport.send(method, f"{PREFIX}/{path}", body=body)
        except Forbidden:
            self.require_authenticated()
            raise Forbidden(
                f"conda-store at {self.connection.url} does not permit you to {to_do}; "
                "ask its administrator for the role that does."
            ) from None
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or answer.get("status") != "ok":
            raise self._strange()
        return answer

    def built(self, answer: dict[str, Any]) -> int:
        """Return the id of the build that the server says it has made."""
        data = answer.get("data")
        if not isinstance(data, dict) or not isinstance(data.get("build_id"), int):
            raise self._strange()
        return int(data["build_id"])

    def _check(self, envelope: dict[str, Any], is_list: bool) -> None:
        """Raise ServerError for an envelope that holds something else than a noun, or a list of them."""
        data = envelope["data"]
        rows = data if is_list else [data]
        fit = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        if not fit or (is_list and not isinstance(envelope.get("count"), int)):
            raise self._strange()

    def _strange(self) -> ServerError:
        return ServerError(
            f"{self.connection.url} answered, but not as conda-store does; "
            "check that CONDA_STORE_URL ends with the server's URL prefix and needs no sign-in page."
        )

    def authenticated(self) -> bool:
        """Tell whether the server knows the credentials; true when none are configured.

        An expired token gets anonymous answers instead of an error, so only this tells. One that a hub hands
        out is renewed once then.
        """
        if not self.connection.has_credentials:
            return True
        return self._known() or (self.connection.renew() and self._known())

    def _known(self) -> bool:
        return bool(self.get("permission/")["data"].get("authenticated"))

    def require_authenticated(self) -> None:
        """Raise NotAuthenticated when credentials are configured and the server does not know them."""
        if not self.authenticated():
            raise NotAuthenticated(
                f"conda-store at {self.connection.url} does not accept the configured "
                f"{'token' if self.connection.auth == 'token' else 'user name and password'} "
                "(expired or mistyped); renew it, then try again."
            )


def path_of(*parts: str) -> str:
    """Return names as parts of a path, with a slash at the end as the server wants it."""
    return "".join(f"{quote(part, safe='')}/" for part in parts)
