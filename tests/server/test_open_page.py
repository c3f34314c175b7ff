"""The page behind a link: what it shows, what it does not do, and whom it refuses."""

from __future__ import annotations

import html
from typing import Any

import pytest
from traitlets.config import Config

from conda_store_labext.repositories.links import Link
from tests.cli.running import UNREACHABLE


@pytest.fixture
def jp_server_config(monkeypatch: pytest.MonkeyPatch) -> Config:
    """A server that needs no conda-store, for the page asks nobody."""
    monkeypatch.setenv("CONDA_STORE_URL", UNREACHABLE)
    return Config({"ServerApp": {"jpserver_extensions": {"conda_store_labext": True}}})


async def shown(jp_fetch: Any, **query: str) -> str:
    """Return the page as its text reads."""
    answer = await jp_fetch("conda-store", "open", params=query)
    assert answer.code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return html.unescape(answer.body.decode())


async def test_a_link_says_what_it_names_and_how_to_open_it(jp_fetch: Any) -> None:
    text = await shown(
        jp_fetch,
        repository="https://host.org/o/r",
        ref="feature/add-env",
        path="a b.ipynb",
        environment="default/course:12",
    )
    command = "jupyter conda-store open https://host.org/o/r@feature/add-env 'a b.ipynb'"
    assert f"{command} --environment default/course:12" in text


async def test_without_parameters_it_is_the_form(jp_fetch: Any) -> None:
    text = await shown(jp_fetch)
    assert text.count("<input") == 4
    assert "jupyter conda-store" not in text


async def test_a_link_of_binder_that_is_pasted_is_understood(jp_fetch: Any) -> None:
    text = await shown(jp_fetch, repository="https://mybinder.org/v2/gh/o/r/main?labpath=a.ipynb")
    assert "jupyter conda-store open https://github.com/o/r@main a.ipynb" in text
    ours = Link("https://host.org/o/r", "v1").url("https://hub.example.org/user/ada")
    assert "open https://host.org/o/r@v1" in await shown(jp_fetch, repository=ours)


@pytest.mark.parametrize(
    "repository",
    [
        "https://ada:SECRET@host.org/o/r",
        "ext::sh -c SECRET",
        "--upload-pack=SECRET",
        "https://SECRET",
        "a\nSECRET",
    ],
)
async def test_what_is_refused_is_explained_without_a_password(jp_fetch: Any, repository: str) -> None:
    text = await shown(jp_fetch, repository=repository)
    assert 'role="alert"' in text
    assert "<pre>" not in text
    if "@" in repository:
        assert "SECRET" not in text


async def test_nothing_of_a_link_becomes_markup_or_another_command(jp_fetch: Any) -> None:
    answer = await jp_fetch(
        "conda-store",
        "open",
        params={
            "repository": "https://host.org/o/r",
            "path": "\"><script>alert(1)</script>'; rm -rf ~ #.ipynb",
        },
    )
    body = answer.body.decode()
    assert "<script" not in body
    assert "'\"'\"'; rm -rf" in html.unescape(body), "the quote cannot be left"


async def test_a_stranger_is_sent_to_sign_in(
    http_server_client: Any, jp_base_url: str, jp_serverapp: Any
) -> None:
    assert jp_serverapp
    answer = await http_server_client.fetch(
        f"{jp_base_url}conda-store/open?repository=https%3A%2F%2Fhost.org%2Fo%2Fr",
        follow_redirects=False,
        raise_error=False,
    )
    assert answer.code == 302
    assert "login" in answer.headers["Location"]
