"""Sending requests to the extension's routes and reading what they answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tornado.httpclient import HTTPResponse

from tests.stores import PATIENCE

Fetch = Callable[..., Awaitable[HTTPResponse]]
Ask = Callable[..., Awaitable["Answer"]]
Fetched = Callable[..., Awaitable[dict[str, Any]]]


class Answer:
    """A route's answer: HTTP status, parsed JSON, and the text for those who look for secrets."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status = response.code
        self.headers = response.headers
        self.body = response.body or b""
        self.text = self.body.decode("utf-8", "replace")
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        self.json: Any = json.loads(self.text) if self.text and is_json else None


def is_refused(answer: Answer, status: int, code: str) -> bool:
    """Tell whether an answer says no in that way, with a sentence."""
    return (answer.status, answer.json["code"]) == (status, code) and answer.json["message"].endswith(".")


async def ended(ask: Ask, key: str) -> dict[str, Any]:
    """Poll a copy until it is neither waiting nor running."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        copies = (await ask("GET", "copies")).json["copies"]
        copy: dict[str, Any] | None = next((row for row in copies if row["key"] == key), None)
        if copy is None:
            return {"state": "gone"}
        if copy["state"] not in ("waiting", "running"):
            return copy
        await asyncio.sleep(0.05)
    raise AssertionError("it did not end within two minutes")
