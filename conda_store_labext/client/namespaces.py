"""The server's namespaces: which there are with how many environments, making and deleting them."""

from __future__ import annotations

import re

from ..errors import InvalidRequest, NotFound
from ..models import Namespace
from ..models.limits import NAME_CHARACTERS
from .api import CONCURRENCY, PAGE_SIZE, Api, path_of
from .environments import Environments
from .permissions import PermissionCache


class Namespaces:
    """Asks for namespaces."""

    def __init__(self, api: Api, authority: PermissionCache, environments: Environments) -> None:
        self._api = api
        self._authority = authority
        self._environments = environments

    def all(self, search: str) -> tuple[Namespace, ...]:
        """Return every namespace that is shown, by name, with how many environments match the search."""
        limited_to = self._environments.limited_to
        names = [row["name"] for row in self._api.all("namespace/")]
        names = [name for name in names if not limited_to or name in limited_to]
        counts = self._counts(names, search)
        grants = self._authority.grants()
        return tuple(Namespace(name, counts[name], grants.namespace_actions(name)) for name in names)

    def create(self, name: str) -> Namespace:
        """Make a namespace; Conflict when there is one of that name."""
        if not re.fullmatch(f"[{NAME_CHARACTERS}]+", name):
            raise InvalidRequest(
                "A namespace's name may have letters, digits and -+_@$&?^~.= but no spaces; choose another."
            )
        self._api.change("POST", f"namespace/{path_of(name)}", f"create the namespace {name}")
        return Namespace(name, 0, self._authority.grants().namespace_actions(name))

    def delete(self, name: str) -> None:
        """Delete a namespace with all that is in it, which the server does in the background."""
        if name not in {row["name"] for row in self._api.all("namespace/")}:
            self._api.require_authenticated()
            raise NotFound(
                f"conda-store at {self._api.connection.url} has no namespace {name}; refresh the list."
            )
        self._api.change("DELETE", f"namespace/{path_of(name)}", f"delete the namespace {name}")
        self._environments.forget()

    def _counts(self, names: list[str], search: str) -> dict[str, int]:
        """Return how many environments match in each namespace, by whichever way asks the server less."""
        counts = dict.fromkeys(names, 0)
        if not search:
            usage = self._api.get("usage/")["data"]
            return {name: usage.get(name, {}).get("num_environments", 0) for name in names}
        envelope = self._api.get("environment/", search=search, size=1)
        total = envelope["count"]
        if total <= min(len(names), PAGE_SIZE):
            for row in self._api.get("environment/", search=search, size=PAGE_SIZE)["data"]:
                if row["namespace"]["name"] in counts:
                    counts[row["namespace"]["name"]] += 1
            return counts

        def count(name: str) -> int:
            answer = self._api.get("environment/", search=search, namespace=name, size=1)
            return int(answer["count"])

        for start in range(0, len(names), CONCURRENCY):
            some = names[start : start + CONCURRENCY]
            counts |= zip(some, self._api.pool.map(count, some), strict=True)
            if sum(counts.values()) >= total:
                break
        return counts
