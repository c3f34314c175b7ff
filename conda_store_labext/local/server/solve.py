"""Previews in the embedded conda-store-server: its own hold up all other requests, and say little.

Takes the place of `GET /api/v1/specification/`: the same question, with names and versions in the answer and,
where there is no solution, the solver's words.
"""

from __future__ import annotations

import json
from subprocess import CalledProcessError
from typing import Any

from celery.result import AsyncResult
from conda_store_server import api
from conda_store_server._internal import schema
from conda_store_server._internal.server import dependencies
from conda_store_server._internal.server.views.api import router_api
from fastapi import Depends, HTTPException, Query, Request

PATH = "/api/v1/specification/"
MOST_WORDS = 2000


def mend_solving() -> None:
    """Put this module's answer in place of the server's own."""
    own = [route for route in router_api.routes if getattr(route, "path", "") == PATH]
    for route in own:
        if "GET" in getattr(route, "methods", ()):
            router_api.routes.remove(route)
    router_api.get("/specification/")(solve)


# not a coroutine: the server runs it in a thread of its own
def solve(
    request: Request,
    channel: list[str] = Query([]),  # noqa: B008
    conda: list[str] = Query([]),  # noqa: B008
    pip: list[str] = Query([]),  # noqa: B008
    conda_store: Any = Depends(dependencies.get_conda_store),  # noqa: B008
    auth: Any = Depends(dependencies.get_auth),  # noqa: B008
) -> dict[str, Any]:
    """Answer with the packages that the requirements are solved to."""
    auth.authenticate_request(request, require=True)
    wanted: list[Any] = [*conda, *([{"pip": pip}] if pip else [])]
    with conda_store.get_db() as db:
        try:
            specification = schema.CondaSpecification.model_validate(
                {"name": "conda-store-solve", "channels": channel, "dependencies": wanted}
            )
            task, number = conda_store.register_solve(db, specification)
        except Exception as error:
            raise HTTPException(status_code=400, detail=str(error)[:MOST_WORDS]) from None
        try:
            AsyncResult(task).get(disable_sync_subtasks=False)
        except Exception as error:  # whatever the worker ended with
            raise HTTPException(status_code=400, detail=_words(error)) from None
        db.expire_all()
        solution = api.get_solve(db, number)
        return {"solve": [_row(build) for build in solution.package_builds]}


def _row(build: Any) -> dict[str, Any]:
    package = build.package
    return {
        "package_id": package.id,
        "name": package.name,
        "version": package.version,
        "build": build.build,
        "channel": package.channel.name.rpartition("/")[2],
        "summary": package.summary,
        "size": build.size,
    }


def _words(error: Exception) -> str:
    """Return what the solver said: its JSON answer's message, else the end of what it printed."""
    if not isinstance(error, CalledProcessError):
        return f"{type(error).__name__}: {error}"[:MOST_WORDS]
    printed = error.output if isinstance(error.output, str) else ""
    for line in reversed(printed.splitlines()):
        try:
            answer = json.loads(line)
        except ValueError:
            continue
        if isinstance(answer, dict) and answer.get("message"):
            return str(answer["message"])[:MOST_WORDS]
    return printed[-MOST_WORDS:].strip() or "the solver found no solution"
