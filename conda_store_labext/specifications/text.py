"""Specifications as text: read, checked as far as must be, and written the way people write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ..errors import InvalidRequest

ORDER = ("name", "description", "channels", "dependencies", "variables")
MAX_LENGTH = 4_000_000  # characters
# the one in C, where it was built, reads a long lockfile ten times as fast
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _OnceLoader(LOADER):  # type: ignore[misc,valid-type]
    """Refuses what PyYAML takes silently: a key that a mapping has twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in lines and key.value != "<<":
                raise yaml.constructor.ConstructorError(
                    problem=f"the key `{key.value}` is on line {lines[key.value]} too",
                    problem_mark=key.start_mark,
                )
            if isinstance(key, yaml.ScalarNode):
                lines[key.value] = key.start_mark.line + 1
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


def parse_yaml(text: str, what: str, most: int = MAX_LENGTH) -> dict[str, Any]:
    """Return a YAML (or JSON) text's mapping as conda-store reads it; InvalidRequest with the line else.

    `most` bounds its characters.
    """
    if len(text) > most:
        raise InvalidRequest(
            f"The {what} is longer than {most // 10**6} million characters; check that it is one."
        )
    try:
        mapping = yaml.load(text, _OnceLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or "it cannot be read"
        raise InvalidRequest(f"The {what} is not valid YAML{where}: {why}.") from None
    except (RecursionError, ValueError):
        raise InvalidRequest(f"The {what} is not valid YAML; correct it.") from None
    if not isinstance(mapping, dict):
        raise InvalidRequest(f"The {what} must be a YAML mapping (`key: value`).")
    return mapping


def parse_specification(text: str) -> dict[str, Any]:
    """Return a specification's keys; InvalidRequest unless it has a name and lists where lists belong."""
    specification = parse_yaml(text, "specification")
    if not isinstance(specification.get("name"), str) or not specification["name"]:
        raise InvalidRequest("The specification has no name; add a line `name: ...`.")
    for key in ("channels", "dependencies"):
        if not isinstance(specification.get(key) or [], list):
            what = "channel" if key == "channels" else "package"
            raise InvalidRequest(f'`{key}` must be a list: one {what} per line, each after "- ".')
    return specification


def requirements_of(specification: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return what a specification requires of conda and of pip; InvalidRequest for what is neither."""
    conda: list[str] = []
    pip: list[str] = []
    for number, dependency in enumerate(specification.get("dependencies") or [], 1):
        if isinstance(dependency, str):
            conda.append(dependency)
        elif (
            isinstance(dependency, dict)
            and set(dependency) == {"pip"}
            and isinstance(dependency["pip"] or [], list)
        ):
            pip += [wanted for wanted in dependency["pip"] or [] if isinstance(wanted, str)]
        else:
            raise InvalidRequest(
                f"Dependency {number} is neither a package's name nor a `pip:` section; correct it."
            )
    return conda, pip


def with_description(text: str, description: str | None) -> str:
    """Return a specification with another description; the text as it is when that is None or the same."""
    if description is None:
        return text
    specification = parse_specification(text)
    if (specification.get("description") or "") == description:
        return text
    return specification_text({**specification, "description": description})


def specification_text(specification: Mapping[str, Any]) -> str:
    """Return a specification as YAML, the keys in the usual order and the empty ones left out."""
    keys = [
        *(key for key in ORDER if key in specification),
        *sorted(set(specification) - set(ORDER), key=str),
    ]
    chosen = {key: specification[key] for key in keys if specification[key] not in (None, "", {})}
    return yaml.safe_dump(chosen, sort_keys=False, allow_unicode=True, width=1000)
