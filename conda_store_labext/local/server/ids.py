"""Ids of builds in the embedded conda-store-server: sqlite gives that of a deleted last one to the next.

A copy of a deleted build would then be taken for one of the new build.
"""

from __future__ import annotations

from typing import Any

from conda_store_server._internal import orm
from sqlalchemy import event, text

REMEMBER = "CREATE TABLE IF NOT EXISTS conda_store_labext_last_build (id INTEGER NOT NULL)"
LAST = (
    "SELECT max(COALESCE((SELECT max(id) FROM build), 0), "
    "COALESCE((SELECT max(id) FROM conda_store_labext_last_build), 0))"
)
FORGET = "DELETE FROM conda_store_labext_last_build"
NOTE = "INSERT INTO conda_store_labext_last_build (id) VALUES (:id)"


def never_use_an_id_again() -> None:
    """Give every new build an id that none has had."""
    if not event.contains(orm.Build, "before_insert", _number):
        event.listen(orm.Build, "before_insert", _number)


def _number(_mapper: Any, connection: Any, build: Any) -> None:
    connection.execute(text(REMEMBER))
    last = connection.execute(text(LAST)).scalar_one()
    build.id = last + 1
    connection.execute(text(FORGET))
    connection.execute(text(NOTE), {"id": build.id})
