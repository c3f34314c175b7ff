"""Addresses to connect to, and servers that get the credential."""

from __future__ import annotations

import pytest
from requests import Request

from conda_store_labext.client.connection import Connection, connection_from_environment
from conda_store_labext.errors import InvalidRequest

URL = "https://store.example/conda-store"


def header_for(connection: Connection, url: str) -> str | None:
    prepared = Request("GET", url, auth=connection.auth_for(url)).prepare()
    return prepared.headers.get("Authorization")


def test_the_token_goes_to_the_servers_own_origin_only() -> None:
    connection = Connection(URL, auth="token", token="secret-token")
    assert header_for(connection, f"{URL}/api/v1/") == "Bearer secret-token"
    assert header_for(connection, "https://store.example:443/elsewhere") == "Bearer secret-token"
    for other in (
        "http://store.example/conda-store/api/v1/",
        "https://store.example:8443/",
        "https://bucket.example/archive",
        "https://store.example.evil.example/",
    ):
        assert header_for(connection, other) is None


def test_a_password_is_sent_as_utf_8() -> None:
    connection = Connection(URL, auth="basic", username="zoë", password="pässword")
    assert header_for(connection, URL) == "Basic em/Dqzpww6Rzc3dvcmQ="


def test_no_secret_is_in_the_repr() -> None:
    connection = Connection(
        URL, auth="token", username="someone", password="hidden-password", token="hidden-token"
    )
    assert "hidden" not in repr(connection)


@pytest.mark.parametrize(
    "url", ["", "store.example", "ftp://store.example", "http://", "http://host:99999/", "http://[x/"]
)
def test_a_url_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest, match="CONDA_STORE_URL"):
        Connection(url)


def test_a_password_in_the_url_is_refused_without_repeating_it() -> None:
    with pytest.raises(InvalidRequest) as caught:
        Connection("https://someone:hidden-password@store.example/")
    assert "hidden-password" not in str(caught.value)


def test_the_conda_store_clients_own_variables_are_read() -> None:
    environ = {"CONDA_STORE_URL": URL + "/", "CONDA_STORE_TOKEN": "t", "CONDA_STORE_NO_VERIFY": "1"}
    connection = connection_from_environment(environ)
    assert connection is not None
    assert (connection.url, connection.auth, connection.token, connection.verify) == (
        URL,
        "token",
        "t",
        False,
    )
    basic = connection_from_environment({"CONDA_STORE_URL": URL, "CONDA_STORE_USERNAME": "u"})
    assert basic is not None
    assert basic.auth == "basic"
    assert connection_from_environment({}) is None
    with pytest.raises(InvalidRequest, match="CONDA_STORE_AUTH"):
        connection_from_environment({"CONDA_STORE_URL": URL, "CONDA_STORE_AUTH": "magic"})
