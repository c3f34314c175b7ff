"""The OpenAPI document of the routes, made from what each of them says of itself, and its own route.

The schemas of dataclasses are made here, in 40 lines: msgspec's have neither `required` for fields of answers
that have a default, nor `additionalProperties`, nor bounds, so that as many lines would correct them.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from http.client import responses
from typing import Any, Union, get_args, get_origin, get_type_hints

from ..models import ErrorInfo
from .base import MAX_ID, CondaStoreHandler, guarded
from .operation import Operation, Parameter
from .services import Services

PREFIX = "/conda-store/"
VERSION = "1"
METHODS = ("get", "post", "put", "patch", "delete")
TITLE = "JupyterLab's server extension for conda-store"
ABOUT = (
    "Everything is below the Jupyter server's base URL, and for signed-in users only. Times are naive UTC in "
    "ISO 8601, sizes are bytes."
)
GROUP = re.compile(r"\(([^()]*)\)")

Row = tuple[str, str, type[CondaStoreHandler], Operation | None]


class OpenApiHandler(CondaStoreHandler):
    """The description of all routes."""

    def initialize(self, services: Services, describe: Callable[[], object] = dict) -> None:
        """Take what makes the document."""
        super().initialize(services)
        self.describe = describe

    @guarded
    async def get(self) -> None:
        """Describe these routes as an OpenAPI document."""
        self.answer(self.describe())


def rows(table: Iterable[tuple[str, type[CondaStoreHandler]]]) -> list[Row]:
    """Return path, method, handler and what is said of it, for every method of a table of routes."""
    routes: list[Row] = []
    for pattern, handler in table:
        for method in METHODS:
            function = getattr(handler, method)
            if function is not getattr(CondaStoreHandler, method):
                path = path_of(pattern, names_of(function))
                routes.append((path, method, handler, getattr(function, "operation", None)))
    return routes


def names_of(function: Any) -> list[str]:
    """Return the names of the path's parts, as the method that answers calls them."""
    parameters = list(inspect.signature(inspect.unwrap(function)).parameters)[1:]
    operation: Operation | None = getattr(function, "operation", None)
    given = {parameter.name for parameter in operation.query} | {"body"} if operation else set()
    return [name for name in parameters if name not in given]


def path_of(pattern: str, names: list[str]) -> str:
    """Return a route's pattern with its groups as `{name}`."""
    left = iter(names)
    return GROUP.sub(lambda _: f"{{{next(left)}}}", pattern).removeprefix(PREFIX).replace("\\", "")


def document(table: Iterable[tuple[str, type[CondaStoreHandler]]]) -> dict[str, Any]:
    """Return the OpenAPI document of a table of patterns and handlers."""
    listed = list(table)
    patterns = {path_of(pattern, _first_names(handler)): pattern for pattern, handler in listed}
    schemas = Schemas()
    refused = {
        "description": "What went wrong, and what to do next.",
        "content": {"application/json": {"schema": schemas.refer(ErrorInfo)}},
    }
    paths: dict[str, dict[str, Any]] = {}
    for path, method, handler, operation in rows(listed):
        kinds = [_part(group) for group in GROUP.findall(patterns[path])]
        parts = zip(re.findall(r"{(\w+)}", path), kinds, strict=True)
        entry: dict[str, Any] = {
            "operationId": f"{method}_{re.sub(r'[^a-z]+', '_', path.lower()).strip('_')}",
            "summary": inspect.getdoc(getattr(handler, method)),
            "parameters": [
                *({"name": name, "in": "path", "required": True, "schema": kind} for name, kind in parts),
                *(_argument(parameter) for parameter in (operation.query if operation else ())),
            ],
            "responses": {**_success(operation, schemas), "4XX": refused, "5XX": refused},
        }
        if operation and operation.body:
            schema = schemas.refer(operation.body, request=True)
            entry["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
        paths.setdefault(f"/{path}", {})[method] = entry
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": ABOUT},
        "servers": [{"url": PREFIX.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.named.items())),
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
        "security": [{"token": []}],
    }


def _first_names(handler: type[CondaStoreHandler]) -> list[str]:
    own = (getattr(handler, method) for method in METHODS)
    plain = {getattr(CondaStoreHandler, method) for method in METHODS}
    return names_of(next(function for function in own if function not in plain))


def _part(group: str) -> dict[str, Any]:
    """Return the schema of a part of a path from what its pattern takes."""
    if "|" in group:
        return {"type": "string", "enum": group.split("|")}
    if group.startswith("[0-9]{"):
        return {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}
    return {"type": "string", "pattern": f"^{group}$", "minLength": 1}


def _argument(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.maximum is not None:
        schema = {"type": "integer", "minimum": 1, "maximum": parameter.maximum}
    elif isinstance(parameter.default, bool):
        schema = {"type": "boolean"}
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {"name": parameter.name, "in": "query", "required": parameter.default is None, "schema": schema}


def _success(operation: Operation | None, schemas: Schemas) -> dict[str, Any]:
    """Return the answer of a method that does what was asked."""
    if operation is None:
        return {"200": {"description": "OK", "content": {"application/json": {"schema": {}}}}}
    if operation.streams:
        return {"200": {"description": "The file's bytes.", "content": {"*/*": {"schema": {}}}}}
    if operation.answer is None:
        return {"204": {"description": "Done; nothing to say."}}
    content = {"application/json": {"schema": schemas.refer(operation.answer)}}
    return {str(operation.status): {"description": responses[operation.status], "content": content}}


SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


class Schemas:
    """Collects the schemas of dataclasses by name, to be referred to."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {}

    def refer(self, wanted: type, *, request: bool = False) -> dict[str, Any]:
        """Return the reference to a dataclass; in a request, numbers are ids and defaults may be left out."""
        name = wanted.__name__
        if name not in self.named:
            self.named[name] = {}
            self.named[name] = self._describe(wanted, request)
        return {"$ref": f"#/components/schemas/{name}"}

    def _describe(self, wanted: type, request: bool) -> dict[str, Any]:
        description = inspect.cleandoc(wanted.__doc__ or "")
        if issubclass(wanted, Enum):
            return {"type": "string", "enum": [member.value for member in wanted], "description": description}
        assert is_dataclass(wanted)
        hints = get_type_hints(wanted)
        return {
            "type": "object",
            "description": description,
            "properties": {field.name: self._of(hints[field.name], request) for field in fields(wanted)},
            "required": [field.name for field in fields(wanted) if not request or field.default is MISSING],
            "additionalProperties": False,
        }

    def _of(self, hint: Any, request: bool) -> dict[str, Any]:
        """Return the schema of a field's type."""
        if get_origin(hint) in (Union, types.UnionType):
            return {"anyOf": [self._of(member, request) for member in get_args(hint)]}
        if get_origin(hint) is tuple:
            return {"type": "array", "items": self._of(get_args(hint)[0], request)}
        if request and hint is int:
            return {"type": "integer", "minimum": 1, "maximum": MAX_ID}
        return dict(SCALARS[hint]) if hint in SCALARS else self.refer(hint, request=request)
