"""The pages of docs/ that are made from the code: `python -m tests.docs.write` writes them anew.

A page is made as a whole, or between two comments that name what stands there: `<!-- routes -->` and
`<!-- end of routes -->`. A list of options is `<!-- options: url, auth -->`; `others` in it are those that no
list names.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.cli import reference
from tests.docs import options
from tests.server import describe

DOCS = Path(__file__).parents[2] / "docs"
AGAIN = "Run `python -m tests.docs.write` and look at what it changes."
PART = re.compile(r"(<!-- (\w+)(?:: ([^>]*?))? -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
OPTIONS = re.compile(r"<!-- options: (.*?) -->")


def pages() -> dict[Path, str]:
    """Return the text of every file that is made from the code, in part or as a whole."""
    made = {describe.OPENAPI: describe.openapi_text(), reference.FILE: reference.rendered()}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text("utf-8")
        if path not in made and PART.search(text):
            made[path] = _filled(text)
    return made


def _filled(page: str) -> str:
    """Return a page with the present text between its comments."""
    listed = [name for words in OPTIONS.findall(page) for name in words.split(", ")]

    def part(match: re.Match[str]) -> str:
        begin, kind, words, end = match.groups()
        return f"{begin}\n{_made(kind, words, listed)}\n{end}"

    return PART.sub(part, page)


def _made(kind: str, words: str | None, listed: list[str]) -> str:
    if kind == "options":
        names = [name for word in (words or "").split(", ") for name in _names(word, listed)]
        return options.traits_table(names)
    return {
        "routes": describe.routes_table,
        "types": describe.types_list,
        "settings": options.settings_table,
    }[kind]()


def _names(word: str, listed: list[str]) -> list[str]:
    return [name for name in options.traits() if name not in listed] if word == "others" else [word]


def main() -> None:
    """Write every page anew, and the frontend's types that are made from one of them."""
    for path, text in pages().items():
        path.write_text(text, "utf-8")
    root = DOCS.parent
    if shutil.which("node") and (root / "node_modules" / "openapi-typescript").is_dir():
        subprocess.run(["node", "src/api/generate.mjs"], cwd=root, check=True)
    else:
        print("Run `jlpm install && jlpm api:types`, too, if docs/openapi.json has changed.")


if __name__ == "__main__":
    main()
