"""The routes' part of docs/, made from the routes; `python -m tests.docs.write` writes it."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from conda_store_labext.extension.openapi import document, rows
from conda_store_labext.extension.operation import Operation
from conda_store_labext.extension.routes import table

DOCS = Path(__file__).parents[2] / "docs"
OPENAPI = DOCS / "openapi.json"


def openapi_text() -> str:
    """Return what docs/openapi.json has to hold."""
    return json.dumps(document(table()), indent=1, ensure_ascii=False) + "\n"


def routes_table() -> str:
    """Return what the table in docs/http-api.md has to say."""
    lines = ["| route | query or body | answer | what for |", "| --- | --- | --- | --- |"]
    for path, method, handler, operation in rows(table()):
        about = " ".join((getattr(handler, method).__doc__ or "").split()).rstrip(".")
        lines.append(f"| `{method.upper()} {path}` | {_takes(operation)} | {_gives(operation)} | {about} |")
    return "\n".join(lines) + "\n"


def _takes(operation: Operation | None) -> str:
    """Return the arguments of a query, or the keys of a body: those that may be left out with a `?`."""
    if operation is None:
        return ""
    if operation.body is not None:
        keys = [
            f"`{field.name}{'' if field.default is MISSING else '?'}`" for field in fields(operation.body)
        ]
        return f"`{operation.body.__name__}`: {', '.join(keys)}"
    names = []
    for parameter in operation.query:
        names.append(
            f"`{parameter.name}`"
            + (f" ({str(parameter.default).lower()})" if isinstance(parameter.default, int) else "")
        )
    return ", ".join(names)


def _gives(operation: Operation | None) -> str:
    if operation is None:
        return "JSON"
    if operation.streams:
        return "the file's bytes"
    status = "" if operation.status == 200 else f"{operation.status}, "
    return f"{status}`{operation.answer.__name__}`" if operation.answer else "204"


def types_list() -> str:
    """Return what docs/http-api.md has to say of each type: its fields, optional ones with a `?`."""
    parts = []
    for name, schema in document(table())["components"]["schemas"].items():
        about = " ".join(schema["description"].split())
        if "enum" in schema:
            fields_ = ", ".join(f"`{value}`" for value in schema["enum"])
        else:
            fields_ = ", ".join(
                f"`{key}{'' if key in schema['required'] else '?'}: {_type(value)}`"
                for key, value in schema["properties"].items()
            )
        parts.append(f"- **{name}**: {about}\n  {fields_}\n")
    return "\n".join(parts)


def _type(schema: dict[str, Any]) -> str:
    """Return a schema as TypeScript writes a type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}[]"
    return str(schema.get("type", "any"))


if __name__ == "__main__":
    from tests.docs.write import main

    main()
