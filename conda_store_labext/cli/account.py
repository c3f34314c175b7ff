"""`jupyter conda-store status` and `token`: which server it is, and whom it takes us for."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime, timedelta, timezone

from ..errors import InvalidRequest
from ..models import Status
from ..models.limits import ROLES
from ..models.quantities import parse_duration, show_size
from . import services
from .command import Commands, exit_code
from .services import configured_services
from .terminal import complain, print_fields, print_json, print_table


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    sub = commands.add(
        "token", token, "Show who you are to conda-store, or create a token with fewer permissions."
    )
    sub.add_argument(
        "--create", action="store_true", help="print a new token with the same permissions or fewer"
    )
    sub.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="PATTERN=ROLE",
        help="what the new token may do, e.g. 'default/*=viewer'; viewer, editor or admin",
    )
    sub.add_argument("--expires", metavar="TIME", help="how long the new token is valid, e.g. 8h")

    commands.add("status", status, "Show which conda-store is in use, whether it answers, and what is here.")


def token(options: argparse.Namespace) -> int:
    """Say who we are; a token is printed only by --create, and only the new one."""
    if options.create:
        return _create_token(options)
    if options.role or options.expires:
        raise InvalidRequest("--role and --expires apply to a new token; add --create.")
    client = services.client()
    permissions, roles = client.permissions(), client.roles()
    if options.json:
        print_json(asdict(permissions) | {"url": client.connection.url, "roles": roles})
        return 0
    print_fields(
        {
            "server": client.connection.url,
            "signed in": f"by {client.connection.auth}" if client.connection.has_credentials else "no",
            "primary namespace": permissions.primary_namespace,
            "until (UTC)": permissions.expires or "",
            "new namespaces": "yes" if permissions.create_namespace else "no",
        }
    )
    print_table(["WHERE", "ROLES"], [[pattern, ", ".join(names)] for pattern, names in sorted(roles.items())])
    return 0


def _create_token(options: argparse.Namespace) -> int:
    roles: dict[str, list[str]] = {}
    for text in options.role:
        pattern, separator, role = text.partition("=")
        if not separator or "/" not in pattern or role not in ROLES:
            raise InvalidRequest(f"{text!r} is not a valid role; write it like 'default/*=viewer'.")
        roles.setdefault(pattern, []).append(role)
    expires = None
    if options.expires:
        expires = datetime.now(timezone.utc) + timedelta(seconds=parse_duration(options.expires))
    made = services.client().narrowed_token(roles, expires)
    if options.json:
        print_json({"token": made, "expires": expires and expires.isoformat(timespec="seconds")})
    else:
        print(made)
    return 0


def status(options: argparse.Namespace) -> int:
    """Show how things stand; 0 only if the server can be used."""
    from ..store.usage import Usage

    own = configured_services()
    stands: Status = own.upstream.status()
    copies = own.store.list()
    size = Usage({copy.key: copy.prefix for copy in copies if copy.origin == "own"}).total
    if options.json:
        print_json(asdict(stands) | {"copies": len(copies), "bytes": size})
    else:
        print_fields(
            {
                "server": stands.url or "none",
                "version": stands.version or "",
                "reachable": "yes" if stands.reachable else "no",
                "signed in": "yes" if stands.authenticated else "no",
                "local store": stands.local_store.message,
                "copies here": f"{len(copies)}, {show_size(size)}" if copies else "none",
            }
        )
    if stands.error is None:
        return 0
    complain(stands.error.message)
    return exit_code(stands.error.code)
