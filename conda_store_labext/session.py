"""What a program has at hand to fetch environments: where from, where to, and who does it.

A program that has it already, such as the Jupyter server, shares it with the kernels started there, so that
whatever starts a kernel is seen in the panel and an environment is fetched once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a kernel whose environment is here starts without any of it
    from .manager import MaterialisationManager
    from .server import Server
    from .store import EnvironmentStore


@dataclass(frozen=True)
class Session:
    """The server in use, the local copies, and what fetches them."""

    server: Server
    store: EnvironmentStore
    manager: MaterialisationManager


_shared: Session | None = None


def share(session: Session) -> None:
    """Let kernels that this process starts use a session."""
    global _shared
    _shared = session


def unshare(session: Session) -> None:
    """End what `share` began, unless another session has taken its place."""
    global _shared
    if _shared is session:
        _shared = None


def shared() -> Session | None:
    """Return the session that this process shares; None where every kernel needs its own."""
    return _shared
