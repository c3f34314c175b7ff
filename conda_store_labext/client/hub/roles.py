"""Roles in conda-store of a hub's users and groups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from ...errors import InvalidRequest
from ...models.limits import NAME_CHARACTERS, ROLES

USER, GROUP = "{user}", "{group}"
_PATTERN = re.compile(rf"[{NAME_CHARACTERS}*]+/[{NAME_CHARACTERS}*]+")
# conda-store takes a pattern as a regular expression: in a name that somebody else has chosen, `.` or `+`
# would stand for more than itself
_PLAIN = re.compile(r"[A-Za-z0-9\-_@&~=]+")


@dataclass(frozen=True)
class Roles:
    """Roles by patterns of `namespace/environment`, as in `{"analysis/*": "editor"}`.

    `everybody` has those of each user, `groups` those of a group's members by the group's name, `each_group`
    those of the members of any group. `{user}` and `{group}` in a pattern stand for the name. Raises
    InvalidRequest for what is no pattern or no role.
    """

    everybody: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    each_group: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        for pattern, role in self.everybody.items():
            _check(pattern.replace(USER, "x"), pattern, role)
        for pattern, role in self.each_group.items():
            _check(pattern.replace(GROUP, "x"), pattern, role)
        for roles in self.groups.values():
            for pattern, role in roles.items():
                _check(pattern, pattern, role)

    def of(self, user: str, groups: list[str]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
        """Return a user's roles by pattern, and the names that could not stand in one and got none."""
        bindings: dict[str, list[str]] = {}
        left_out: list[str] = []
        for name, placeholder, roles in self._rules(user, groups):
            for pattern, role in roles.items():
                if placeholder in pattern and not _PLAIN.fullmatch(name):
                    left_out.append(name)
                    continue
                held = bindings.setdefault(pattern.replace(placeholder, name), [])
                if role not in held:
                    held.append(role)
        return bindings, tuple(dict.fromkeys(left_out))

    def _rules(self, user: str, groups: list[str]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        yield user, USER, self.everybody
        for group in groups:
            yield group, GROUP, self.each_group
            yield group, GROUP, self.groups.get(group, {})

    def to_json(self) -> str:
        """Return the roles as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Roles:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))


def _check(filled: str, pattern: str, role: str) -> None:
    if not _PATTERN.fullmatch(filled):
        raise InvalidRequest(f"{pattern!r} is no pattern of environments; write it like 'analysis/*'.")
    if role not in ROLES:
        raise InvalidRequest(f"{role!r} is no role in conda-store; choose one of {', '.join(ROLES)}.")
