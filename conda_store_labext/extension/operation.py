"""Decorator that declares a route's parameters, body and answer, to check requests and to document it."""

from __future__ import annotations

import json
import types
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from functools import wraps
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import InvalidRequest
from .base import MAX_ID, CondaStoreHandler, guarded

Method = TypeVar("Method", bound=Callable[..., Any])

KINDS: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    tuple: "a list of strings",
}


@dataclass(frozen=True)
class Parameter:
    """A query argument: a text, with `maximum` a whole number from 1, with a bool for default true or false.

    Without a default it must be given.
    """

    name: str
    default: str | int | bool | None = ""
    maximum: int | None = None

    def read(self, handler: CondaStoreHandler) -> str | int | bool:
        """Return what a request gives; InvalidRequest when that is not fit."""
        text = handler.get_query_argument(self.name, None)
        if text is None and self.default is not None:
            return self.default
        if text is None:
            raise InvalidRequest(f"{self.name} is missing; give it.")
        if isinstance(self.default, bool):
            if text not in ("true", "false"):
                raise InvalidRequest(f"{self.name} must be true or false; correct it.")
            return text == "true"
        if self.maximum is None:
            return text
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:20]) <= self.maximum:
            raise InvalidRequest(f"{self.name} must be a whole number from 1 to {self.maximum}; correct it.")
        return int(text)


@dataclass(frozen=True)
class Operation:
    """A method of a route: `answer` is a dataclass, or None for no body; `streams` gives bytes of its own."""

    answer: type | None
    status: int
    query: tuple[Parameter, ...]
    body: type | None
    streams: bool


PAGE = Parameter("page", 1, 10**6)
SEARCH = Parameter("search")


def size(default: int) -> Parameter:
    """Return the parameter for the length of a page."""
    return Parameter("size", default, 100)


def operation(
    answer: type | None = None,
    *,
    status: int = 200,
    query: tuple[Parameter, ...] = (),
    body: type | None = None,
    streams: bool = False,
) -> Callable[[Callable[..., Coroutine[Any, Any, Any]]], Callable[..., Awaitable[None] | None]]:
    """Make a coroutine a route's method: it gets what is named here, checked, and returns what to answer.

    After the path's parts come the query's arguments by name and the body as `body`.
    """

    def decorate(
        method: Callable[..., Coroutine[Any, Any, Any]],
    ) -> Callable[..., Awaitable[None] | None]:
        @guarded
        @wraps(method)
        async def run(self: CondaStoreHandler, *parts: str) -> None:
            given: dict[str, Any] = {parameter.name: parameter.read(self) for parameter in query}
            if body is not None:
                given["body"] = read_body(body, self.body())
            result = await method(self, *parts, **given)
            if streams:
                return
            if answer is None:
                self.set_status(204)
                self.finish()
            else:
                self.answer(asdict(result), status)

        run.operation = Operation(answer, status, query, body, streams)  # type: ignore[attr-defined]
        return run

    return decorate


def documented(
    answer: type,
    *,
    status: int = 200,
    query: tuple[Parameter, ...] = (),
    body: type | None = None,
) -> Callable[[Method], Method]:
    """Say what a method takes and gives that checks its request and answers on its own."""

    def decorate(method: Method) -> Method:
        method.operation = Operation(answer, status, query, body, False)  # type: ignore[attr-defined]
        return method

    return decorate


def read_body(wanted: type, given: Mapping[str, Any]) -> Any:
    """Return a request's body as a dataclass; InvalidRequest for what is missing or of another kind.

    msgspec would do it in fewer lines, but takes unknown keys and lone surrogates in dataclasses, and its
    messages do not say what to do.
    """
    assert is_dataclass(wanted)
    hints = get_type_hints(wanted)
    unknown = sorted(set(given) - set(hints))
    if unknown:
        raise InvalidRequest(f"The request has the unknown key {json.dumps(unknown[0])}; leave it out.")
    values = {}
    for field in fields(wanted):
        if field.name not in given:
            if field.default is MISSING:
                raise InvalidRequest(f"The request lacks {field.name}; add it.")
            continue
        value = given[field.name]
        kinds = kinds_of(hints[field.name])
        if type(value) is list and tuple in kinds and all(type(item) is str for item in value):
            value = tuple(value)
        if type(value) not in kinds:
            named = " or ".join(KINDS.get(kind, "null") for kind in kinds)
            raise InvalidRequest(f"{field.name} must be {named}; correct the request.")
        if any(
            "\ud800" <= character <= "\udfff"
            for character in "".join(value if isinstance(value, tuple | str) else "")
        ):
            raise InvalidRequest(f"{field.name} is not valid text; correct the request.")
        if type(value) is int and not 1 <= value <= MAX_ID:
            raise InvalidRequest(f"{field.name} must be a whole number from 1; correct the request.")
        values[field.name] = value
    return wanted(**values)


def kinds_of(hint: Any) -> tuple[type, ...]:
    """Return the types that a field may have; `tuple` stands for several texts."""
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return tuple(get_origin(kind) or kind for kind in kinds)
