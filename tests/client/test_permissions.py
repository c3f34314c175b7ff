"""Permissions, as the server itself decides them."""

from __future__ import annotations

import pytest

from conda_store_labext.client.permissions import Grants
from conda_store_labext.models import Action, NamespaceAction

EDITOR = [
    "build::cancel",
    "environment:create",
    "environment::read",
    "environment::update",
    "namespace::read",
]
ADMIN = [*EDITOR, "build::delete", "environment::delete", "namespace::create", "namespace::delete"]


def test_a_role_gives_its_actions() -> None:
    grants = Grants({"default/*": ["environment::read"], "team/*": EDITOR, "mine/*": ADMIN})
    assert grants.actions("default", "x") == ()
    assert grants.actions("team", "x") == (Action.BUILD, Action.EDIT, Action.CANCEL)
    assert grants.actions("mine", "x") == tuple(Action)
    assert grants.namespace_actions("team") == (NamespaceAction.CREATE_ENVIRONMENT,)
    assert grants.namespace_actions("mine") == tuple(NamespaceAction)
    assert grants.create_namespace is True
    assert Grants({"team/*": EDITOR}).create_namespace is False


@pytest.mark.parametrize(
    ("pattern", "what", "matches"),
    [
        ("*/*", "a/b", True),
        ("*/*", "a", True),
        ("team-*/data-*", "team-a/data-1", True),
        ("team-*/data-*", "team-a/other", False),
        ("team-*/data-*", "team-a", True),
        ("team/*", "teams/x", False),
        ("*/team", "a/team", True),
        ("a.c/*", "abc/x", True),  # the server leaves a dot a dot of regular expressions
        ("(/*", "a/b", False),
        ("nothing", "nothing", False),
    ],
)
def test_patterns(pattern: str, what: str, matches: bool) -> None:
    assert bool(Grants({pattern: ["environment::read"]}).of(what)) is matches
