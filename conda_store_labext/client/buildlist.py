"""Builds of one environment or of all, newest first, filtered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from ..models import Build
from .api import CONCURRENCY, Api
from .builds import build_of
from .environments import Environments
from .filters import EVERY, Filters


class BuildList:
    """Asks for builds over as many pages as are looked at."""

    def __init__(self, api: Api, environments: Environments) -> None:
        self._api = api
        self._environments = environments

    def every(self, namespace: str = "", name: str = "", filters: Filters = EVERY) -> Iterator[Build]:
        """Yield the builds of one environment, or of all, newest first.

        NotFound when there is no such environment. Builds of environments that were deleted are left out.
        """
        if name:
            places = {self._environments.identify(namespace, name).id: (namespace, name)}
        else:
            places = self._environments.places()
        rows = self._api.all(
            "build/", namespace=namespace, name=name, sort_by="id", order="desc", **filters.of_builds
        )
        remaining = (row for row in rows if row["environment_id"] in places)
        for row in self._holding(remaining, filters.packages):
            yield build_of(row, *places[row["environment_id"]])

    def _holding(self, rows: Iterable[dict[str, Any]], packages: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """Yield the builds that hold all of the packages, asking after several at a time."""
        rows = iter(rows)
        while batch := list(islice(rows, CONCURRENCY if packages else 1)):
            held = self._api.pool.map(lambda row: self._holds(row["id"], packages), batch)
            yield from (row for row, holds in zip(batch, held, strict=True) if holds)

    def _holds(self, build_id: int, packages: tuple[str, ...]) -> bool:
        for name in packages:
            path = f"build/{build_id}/packages/"
            matches = self._api.all(path, search=name, exact=name)
            if not any(row["name"] == name for row in matches):
                return False
        return True
