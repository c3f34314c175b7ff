"""Addresses: every form that people write, what git must never be given, which are the same repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.errors import CondaStoreLabError, InvalidRequest, RepositoryRefused
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.policy import Policy
from conda_store_labext.repositories.source import parse_source, split_ref


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://host.org/a/repo", "https://host.org/a/repo"),
        ("HTTPS://Host.org/a/repo.git", "https://host.org/a/repo.git"),
        ("https://host.org:8443/a/repo", "https://host.org:8443/a/repo"),
        ("https://host.org:443/a/repo", "https://host.org/a/repo"),
        ("ssh://git@host.org:2222/a/repo", "ssh://git@host.org:2222/a/repo"),
        ("git@host.org:a/repo.git", "git@host.org:a/repo.git"),
        ("host.org:a/repo", "host.org:a/repo"),
        ("git@host.org:/srv/repo", "ssh://git@host.org/srv/repo"),
        ("file:///srv/a%20repo", "file:///srv/a%20repo"),
        ("/srv/repo", "file:///srv/repo"),
        ("owner/name", "https://github.com/owner/name"),
        ("group/sub/name", "https://github.com/group/sub/name"),
        ("https://[::1]:8080/a/repo", "https://[::1]:8080/a/repo"),
    ],
)
def test_every_form_of_an_address_is_understood(text: str, url: str) -> None:
    assert parse_address(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "ext::sh -c 'touch ran'",
        "ext::sh",
        "fd::7",
        "--upload-pack=touch ran",
        "-c",
        "ssh://-oProxyCommand=touch/repo",
        "ssh://host.org/-oProxyCommand",
        "git@host.org:-oProxyCommand",
        "git@-host:path",
        "ftp://host.org/a",
        "git://host.org/a/b",
        "https://host.org",
        "https:///a/b",
        "https://host.org/a?b=c",
        "https://host.org/a/b\n--upload-pack=x",
        "https://host.org/a\x1b[31m",
        "https://host.org:port/a",
        "owner/../../etc",
        "",
        "   ",
        "nothing",
        "a" * 3000,
    ],
)
def test_what_is_no_address_or_more_than_one_is_refused(text: str) -> None:
    with pytest.raises((InvalidRequest, RepositoryRefused)) as raised:
        parse_address(text)
    assert str(raised.value).isprintable()
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "https://host.org/o/r",
        "https://host.org/o/r.git",
        "https://HOST.org/o/r/",
        "git@host.org:o/r.git",
        "ssh://git@host.org/o/r",
        "https://ada:secret@host.org/o/r",
    ],
)
def test_one_repository_is_the_same_whatever_way_leads_there(text: str) -> None:
    address = parse_address(text)
    assert address.identity == "host.org/o/r"
    assert address.name == "r"


def test_a_password_is_in_nothing_that_an_address_shows() -> None:
    address = parse_address("https://ada:S%40CRET@host.org/o/r")
    assert address.credential is not None
    assert address.credential.password == "S@CRET"
    shown = f"{address} {address!r} {address.url} {address.credential!r} {address.identity}"
    assert "CRET" not in shown
    with pytest.raises(CondaStoreLabError) as raised:
        parse_address("https://ada:SECRET@host.org/")
    assert "SECRET" not in str(raised.value)


def test_a_folder_wins_over_an_owner_and_a_name(home: Path) -> None:
    (home / "owner" / "name").mkdir(parents=True)
    assert parse_address("owner/name").folder == home / "owner" / "name"
    assert parse_address("~/owner").folder == home / "owner"


@pytest.mark.parametrize(
    ("text", "place", "ref"),
    [
        ("git@host:o/r.git@main", "git@host:o/r.git", "main"),
        ("git@host:o/r.git", "git@host:o/r.git", None),
        ("ssh://git@host/o/r@feature/x", "ssh://git@host/o/r", "feature/x"),
        ("https://host/o/r@feature/add-env", "https://host/o/r", "feature/add-env"),
        ("https://u:p@host/o/r", "https://u:p@host/o/r", None),
        ("https://u:p@host/o/r@v1.0+x", "https://u:p@host/o/r", "v1.0+x"),
        ("owner/name@issue#7147", "owner/name", "issue#7147"),
        ("owner/name@ünï", "owner/name", "ünï"),
        ("owner/name@a%2Fb", "owner/name", "a%2Fb"),
        ("/srv/repo@main", "/srv/repo", "main"),
        ("file:///srv/me@work/repo@v2", "file:///srv/me@work/repo", "v2"),
    ],
)
def test_the_ref_follows_the_last_at_that_is_no_part_of_the_address(
    text: str, place: str, ref: str | None
) -> None:
    assert split_ref(text) == (place, ref)


def test_a_folder_with_an_at_in_its_name_is_that_folder(home: Path) -> None:
    (home / "me@work").mkdir()
    assert split_ref("./me@work") == ("./me@work", None)


@pytest.mark.parametrize(
    "ref", ["-x", "a..b", "a:b", "a b", "a~1", "a^{}", "@", "a@{1}", "x" * 300, "a\x1b[m", ""]
)
def test_a_ref_that_git_would_read_as_more_is_refused(ref: str) -> None:
    with pytest.raises(InvalidRequest, match=r"not the name of a branch|nor the address"):
        parse_source(f"owner/name@{ref}")


def test_only_allowed_hosts_and_repositories_are_opened() -> None:
    policy = Policy(hosts=("*.example.org",), repositories=("git.example.org/team/*",))
    parse_source("https://git.example.org/team/course.git@main", policy)
    for text in ("https://github.com/team/course", "https://git.example.org/other/course"):
        with pytest.raises(RepositoryRefused, match="allowed are"):
            parse_source(text, policy)
    with pytest.raises(RepositoryRefused, match="without encryption"):
        parse_source("http://git.example.org/team/course")
    with pytest.raises(RepositoryRefused, match="this machine"):
        parse_source("/srv/repo", Policy(local=False))


def test_the_forge_and_the_allowed_hosts_come_from_the_environment() -> None:
    policy = Policy.from_environment(
        {"CONDA_STORE_LABEXT_FORGE": "https://git.example.org", "CONDA_STORE_LABEXT_HOSTS": "git.example.org"}
    )
    assert parse_source("team/course", policy).address.url == "https://git.example.org/team/course"
    with pytest.raises(RepositoryRefused):
        parse_source("https://github.com/team/course", policy)
