"""Additions made part of their environment: its specification with them, by conda's names where it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..client.client import CondaStoreClient
from ..client.known_packages import has_package
from ..errors import InvalidRequest, NotFound
from ..models import Addition, AdditionList, Promotion
from ..models.providers import Asked
from ..specifications.added import with_added
from ..specifications.conda_names import CHANNEL, from_conda
from ..specifications.kernel_package import with_kernel
from ..specifications.text import specification_text


def promotion(listing: AdditionList, client: CondaStoreClient, packages: Sequence[str] = ()) -> Promotion:
    """Return the specification of an environment's active build with what was added to one of its builds.

    Only what was asked for is in it, from its version on; with `packages`, requirements of pip's, these
    alone. Raises NotFound where there is nothing, InvalidRequest where the environment was made from a
    lockfile.
    """
    asked = [_Wanted(text) for text in packages] or [
        _added(addition) for addition in listing.additions if addition.requested
    ]
    if not asked:
        raise NotFound(f"Nothing was added to {listing.ref}; install it in a notebook first.")
    active = client.environment(listing.namespace, listing.environment).current_build_id
    current = client.specification(active or listing.build_id)
    if current.is_lockfile:
        raise InvalidRequest(
            f"{listing.namespace}/{listing.environment} was built from a lockfile, to which no packages "
            "can be added; build it from a specification first."
        )
    return _with(current.text, asked, client)


def shared(name: str, asked: Asked, client: CondaStoreClient) -> Promotion:
    """Return a specification of that name with what was asked for in an environment of this machine.

    What conda-forge has for certain comes from there. It has a kernel.
    """
    bare = specification_text({"name": name, "channels": [CHANNEL], "dependencies": list(asked.conda)})
    merged = _with(bare, [_Wanted(line) for line in asked.pip], client)
    text, kernel = with_kernel(merged.specification)
    conda = (*asked.conda, *merged.conda, *([kernel] if kernel else []))
    return Promotion(text, conda, merged.pip, asked.left_out)


def lines_of(listing: AdditionList, *, by_conda: bool) -> Lines:
    """Return what was asked for of additions; by conda what conda-forge has for certain, if that may be."""
    asked = [_added(addition) for addition in listing.additions if addition.requested]
    return _lines(asked, lambda _: by_conda)


@dataclass(frozen=True)
class Lines:
    """Lines of a specification for `conda` and for `pip`, and the names of what neither installs."""

    conda: tuple[str, ...]
    pip: tuple[str, ...]
    left_out: tuple[str, ...]


def _with(text: str, asked: Sequence[_Wanted], client: CondaStoreClient) -> Promotion:
    lines = _lines(asked, lambda name: has_package(client, name))
    return Promotion(with_added(text, lines.conda, lines.pip), lines.conda, lines.pip, lines.left_out)


def _lines(asked: Sequence[_Wanted], has: Callable[[str], bool]) -> Lines:
    conda: list[str] = []
    pip: list[str] = []
    left_out: list[str] = []
    for wanted in asked:
        line = wanted.conda or from_conda(wanted.pip)
        if line and has(line.split(" ")[0]):
            conda.append(line)
        elif wanted.pip:
            pip.append(wanted.pip)
        else:
            left_out.append(wanted.name)
    return Lines(tuple(conda), tuple(pip), tuple(left_out))


@dataclass(frozen=True)
class _Wanted:
    """A package as pip takes it, empty where it cannot, and as conda calls it where that is known."""

    pip: str
    conda: str = ""
    name: str = ""


def _added(addition: Addition) -> _Wanted:
    if addition.manager == "r":
        return _Wanted("", f"r-{addition.name.lower()} >={addition.version.replace('-', '_')}", addition.name)
    if addition.source.startswith("file:"):
        return _Wanted("", name=addition.name)
    return _Wanted(
        f"{addition.name} @ {addition.source}" if addition.source else f"{addition.name}>={addition.version}",
        name=addition.name,
    )
