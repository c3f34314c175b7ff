"""JSON Schema of the dataclasses that travel, their docstrings as descriptions."""

from __future__ import annotations

import inspect
import types
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from .base import MAX_ID

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
            return {"type": "string", "enum": [one.value for one in wanted], "description": description}
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
            return {"anyOf": [self._of(one, request) for one in get_args(hint)]}
        if get_origin(hint) is tuple:
            return {"type": "array", "items": self._of(get_args(hint)[0], request)}
        if request and hint is int:
            return {"type": "integer", "minimum": 1, "maximum": MAX_ID}
        return dict(SCALARS[hint]) if hint in SCALARS else self.refer(hint, request=request)
