"""What docs/ says of the routes, made from the routes: `python -m tests.server.describe` writes it anew."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from pathlib import Path

from conda_store_labext.extension.openapi import document, rows
from conda_store_labext.extension.operation import Operation
from conda_store_labext.extension.routes import table

DOCS = Path(__file__).parents[2] / "docs"
OPENAPI = DOCS / "openapi.json"
PAGE = DOCS / "http-api.md"
TABLE = re.compile(r"(?<=<!-- routes -->\n\n).*?(?=\n<!-- end of routes -->)", re.DOTALL)


def openapi_text() -> str:
    """Return what docs/openapi.json has to hold."""
    return json.dumps(document(table()), indent=1, ensure_ascii=False) + "\n"


def routes_table() -> str:
    """Return what the table in docs/http-api.md has to say."""
    lines = ["| route | query or body | answer | what for |", "| --- | --- | --- | --- |"]
    for path, method, handler, said in rows(table()):
        about = " ".join((getattr(handler, method).__doc__ or "").split()).rstrip(".")
        lines.append(f"| `{method.upper()} {path}` | {_takes(said)} | {_gives(said)} | {about} |")
    return "\n".join(lines) + "\n"


def _takes(said: Operation | None) -> str:
    """Return the arguments of a query, or the keys of a body: those that may be left out with a `?`."""
    if said is None:
        return ""
    if said.body is not None:
        keys = [f"`{one.name}{'' if one.default is MISSING else '?'}`" for one in fields(said.body)]
        return f"`{said.body.__name__}`: {', '.join(keys)}"
    names = []
    for one in said.query:
        names.append(
            f"`{one.name}`" + (f" ({str(one.default).lower()})" if isinstance(one.default, int) else "")
        )
    return ", ".join(names)


def _gives(said: Operation | None) -> str:
    if said is None:
        return "JSON"
    if said.streams:
        return "the file's bytes"
    status = "" if said.status == 200 else f"{said.status}, "
    return f"{status}`{said.answer.__name__}`" if said.answer else "204"


def main() -> None:
    """Write both files anew."""
    OPENAPI.write_text(openapi_text(), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda _: routes_table(), page), encoding="utf-8")


if __name__ == "__main__":
    main()
