"""Reading a build's log: why it failed, in the log's own words."""

from __future__ import annotations

import json
import re

MAX_REASON = 400

_PLUGIN = re.compile(r"^plugin-[\w-]+: ")
_EXCEPTION = re.compile(r"^(?:[\w.]+\.)?\w*(?:Error|Exception|NotFound|Unsatisfiable)\w*: ?\S")
_ERROR = re.compile(r"^\s*(?:error|critical|fatal)\b\W*\S", re.IGNORECASE)


def failure_reason(log: str) -> str | None:
    """Return the sentence of a log that says why the build failed; None when the log says nothing.

    A solver's JSON answer comes first (conda-lock prints it), then the last exception with its
    continuation lines, then the last line that calls itself an error, then the last line at all.
    """
    lines = [_PLUGIN.sub("", line).rstrip() for line in log.splitlines()]
    found = (
        _from_json(lines) or _from_exception(lines) or _last(lines, _ERROR) or _last(lines, re.compile(r"\S"))
    )
    return _shorten(found) if found else None


def _from_json(lines: list[str]) -> str | None:
    for line in reversed(lines):
        if not line.startswith("{"):
            continue
        try:
            answer = json.loads(line)
        except ValueError:
            continue
        if isinstance(answer, dict) and answer.get("success") is False:
            return str(answer.get("message") or answer.get("error") or "") or None
    return None


def _from_exception(lines: list[str]) -> str | None:
    for index in range(len(lines) - 1, -1, -1):
        if not _EXCEPTION.match(lines[index]):
            continue
        following = []
        for line in lines[index + 1 :]:
            if not line.startswith((" ", "\t", "-")):
                break
            following.append(line.strip())
        return " ".join([lines[index], *following])
    return None


def _last(lines: list[str], pattern: re.Pattern[str]) -> str | None:
    return next((line for line in reversed(lines) if pattern.match(line)), None)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_REASON else text[: MAX_REASON - 1].rstrip() + "…"
