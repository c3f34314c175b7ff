"""Links: ours read back what they were made from, and Binder's and nbgitpuller's are understood."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.repositories.links import Link, parse_link
from conda_store_labext.repositories.source import parse_source

HUB = "https://hub.example.org/hub/user-redirect"


@pytest.mark.parametrize("ref", ["feature/add-env", "issue#7147", "a%2Fb", "v1.0+x", "ünï", "lessons", None])
def test_a_link_gives_back_the_ref_that_it_was_made_from(ref: str | None) -> None:
    link = Link("https://host.org/o/r", ref, "lessons/a b#1.ipynb", "default/course:12")
    for url in (link.url("http://localhost:8888/"), link.hub_url("https://hub.example.org/hub/")):
        assert parse_link(url) == link
        assert " " not in url
        assert url.count("#") == 0
    assert link.hub_url("https://hub.example.org").startswith(f"{HUB}/conda-store/open?")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mybinder.org/v2/gh/o/r/HEAD", Link("https://github.com/o/r")),
        (
            "https://mybinder.org/v2/gh/o/r/feature/x?labpath=lessons%2Fa%20b.ipynb",
            Link("https://github.com/o/r", "feature/x", "lessons/a b.ipynb"),
        ),
        (
            "https://mybinder.org/v2/gh/o/r/main?urlpath=lab%2Ftree%2Fa.ipynb",
            Link("https://github.com/o/r", "main", "a.ipynb"),
        ),
        (
            "https://mybinder.org/v2/gh/o/r/v1?filepath=index.ipynb",
            Link("https://github.com/o/r", "v1", "index.ipynb"),
        ),
        ("https://mybinder.org/v2/gl/group%2Fsub%2Fr/main", Link("https://gitlab.com/group/sub/r", "main")),
        (
            "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fr.git/abc",
            Link("https://git.example.org/r.git", "abc"),
        ),
        (
            (
                f"{HUB}/git-pull?repo=https%3A%2F%2Fhost.org%2Fo%2Fr.git&branch=main"
                "&urlpath=lab%2Ftree%2Fr.git%2Flessons%2Fa.ipynb"
            ),
            Link("https://host.org/o/r.git", "main", "lessons/a.ipynb"),
        ),
        (
            f"{HUB}/git-pull?repo=https%3A%2F%2Fhost.org%2Fo%2Fr&urlpath=tree%2Fr%2F",
            Link("https://host.org/o/r"),
        ),
        (
            f"{HUB}/git-pull?repo=https%3A%2F%2Fhost.org%2Fo%2Fr&targetPath=mine&urlpath=notebooks%2Fmine%2Fa%2520b.ipynb",
            Link("https://host.org/o/r", None, "a b.ipynb"),
        ),
        (
            (
                "https://mybinder.org/v2/gh/o/env/main?urlpath=git-pull%3Frepo%3Dhttps%253A%252F%252Fhost.org%252Fo%252Fr"
                "%26branch%3Ddev%26urlpath%3Dlab%252Ftree%252Fr%252Fa.ipynb"
            ),
            Link("https://host.org/o/r", "dev", "a.ipynb"),
        ),
    ],
)
def test_links_that_are_out_there_are_understood(url: str, expected: Link) -> None:
    assert parse_link(url) == expected


def test_an_address_is_no_link() -> None:
    for text in ("https://github.com/o/r", "owner/name", "git@host:o/r", "https://[", "/v2/gh/o/r"):
        assert parse_link(text) is None


def test_a_link_with_a_password_is_explained_and_not_followed() -> None:
    link = Link("https://ada:SECRET@host.org/o/r").url("http://localhost:8888")
    with pytest.raises(InvalidRequest, match="not followed") as raised:
        parse_source(link)
    assert "SECRET" not in str(raised.value)


def test_a_link_names_no_folder_by_its_bare_path() -> None:
    with pytest.raises(InvalidRequest, match="not an address that a link can name"):
        parse_source(Link("/etc").url("http://localhost:8888"))


def test_a_provider_that_has_no_git_is_named() -> None:
    with pytest.raises(InvalidRequest, match="zenodo"):
        parse_link("https://mybinder.org/v2/zenodo/10.5281/zenodo.1/")


def test_a_badge_is_markdown_with_the_link() -> None:
    link = Link("https://host.org/o/r", "main", "a.ipynb")
    url = link.hub_url("https://hub.example.org")
    assert link.badge(url).startswith("[![Open a.ipynb](https://img.shields.io/")
    assert link.badge(url).endswith(f"]({url})")
