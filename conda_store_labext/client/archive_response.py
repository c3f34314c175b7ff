"""The bytes of a build's archive as they come from the server, from any offset on."""

from __future__ import annotations

import re
from types import TracebackType

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)$")


def range_headers(offset: int, validator: str | None) -> dict[str, str]:
    """Return the headers that ask for an object from byte `offset` on, if `validator` still holds.

    Nothing on the way may compress what is compressed already: ranges would lose their meaning, hashes fail.
    """
    headers = {"Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
        if validator:
            headers["If-Range"] = validator
    return headers


class ArchiveResponse:
    """An open download: where it starts, how long the whole object is, and its bytes.

    `offset` is 0 when the server ignored the range or the object changed meanwhile; `total` counts the
    whole object's bytes, None when the server does not say; `validator` is what an If-Range needs; `url` is
    where it comes from in the end, which may hold a signature.
    """

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.url = response.url
        headers = response.headers
        etag = headers.get("ETag", "")
        # a weak ETag does not promise the same bytes (RFC 9110, 13.1.5)
        self.validator: str | None = (
            etag if etag and not etag.startswith("W/") else headers.get("Last-Modified")
        )
        self.offset = 0
        self.total: int | None = None
        content_range = _CONTENT_RANGE.match(headers.get("Content-Range", ""))
        if response.status_code == 206 and content_range:
            self.offset = int(content_range[1])
            self.total = None if content_range[2] == "*" else int(content_range[2])
        elif headers.get("Content-Length", "").isdigit():
            self.total = int(headers["Content-Length"])

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end; ConnectionError or TimeoutError when it breaks off."""
        try:
            # read1 (urllib3 2.1 on) gives what has come; read waits for all of `size` and drops it on a cut
            raw = self._response.raw
            data: bytes = getattr(raw, "read1", raw.read)(size, decode_content=False)
        except ReadTimeoutError:
            raise TimeoutError("the server stopped sending") from None
        except (HTTPError, OSError, ValueError) as error:
            raise ConnectionError(type(error).__name__) from None
        return data

    def close(self) -> None:
        """Drop the connection."""
        self._response.close()

    def __enter__(self) -> ArchiveResponse:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Drop the connection."""
        self.close()
