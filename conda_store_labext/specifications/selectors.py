"""Conditions on the platform in environment files: `# [win]` behind a line, `sel(unix):` and `if: ... then:`.

Source: conda-build's preprocessing selectors and those of mamba and rattler-build.
"""

from __future__ import annotations

import ast
import re

_COMMENT = re.compile(r"#\s*\[(?P<condition>[^\[\]]+)\]\s*$")
_SELECTED = re.compile(r"sel\((?P<condition>[^()]+)\)")


def condition_of(line: str) -> str:
    """Return the condition in the comment behind a line, empty where there is none."""
    match = _COMMENT.search(line)
    return match["condition"].strip() if match else ""


def condition_in(key: str) -> str:
    """Return the condition of a key such as `sel(unix)`, empty where it is another key."""
    match = _SELECTED.fullmatch(key.strip())
    return match["condition"].strip() if match else ""


def selects(condition: str, platform: str) -> bool | None:
    """Tell whether a condition holds on a platform such as `linux-64`; None where that cannot be told."""
    try:
        return _value(ast.parse(condition, mode="eval").body, _names(platform))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names(platform: str) -> dict[str, bool]:
    system, _, machine = platform.partition("-")
    return {
        **{name: system == name for name in ("linux", "osx", "win")},
        **{f"{name}64": system == name and machine != "32" for name in ("linux", "osx", "win")},
        **{f"{name}32": system == name and machine == "32" for name in ("linux", "win")},
        **{name: machine == name for name in ("aarch64", "arm64", "ppc64le")},
        "unix": system != "win",
        "x86": machine in ("32", "64"),
        "x86_64": machine == "64",
    }


def _value(node: ast.expr, names: dict[str, bool]) -> bool | None:
    """Return what an expression is, of three values: None is unknown."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        value = _value(node.operand, names)
        return None if value is None else not value
    if isinstance(node, ast.BoolOp):
        values = [_value(each, names) for each in node.values]
        deciding = isinstance(node.op, ast.Or)
        if deciding in values:
            return deciding
        return None if None in values else not deciding
    return None
