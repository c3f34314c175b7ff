"""The user's own configuration of channels: mirrors, credentials, certificates.

Read are conda's own files in conda's order (CONDARC last), the credentials of RATTLER_AUTH_FILE or of
~/.rattler, and the mirrors of rattler's and pixi's `config.toml`. `.netrc` and proxies of the environment
count anyhow, as `requests` has it. Nothing is asked of a desktop's key store, which may never answer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

from ...errors import CondaStoreLabError, InvalidRequest, UnsuitableLockfile
from ...specifications.text import parse_yaml
from ...specifications.toml_text import parse_toml
from ...store.files import read_small
from .rules import Credential, Rules

MAX_FILE = 1_000_000  # bytes
ALIAS = "https://conda.anaconda.org"


def user_rules(home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Rules:
    """Return what the user's files say; UnsuitableLockfile for one that cannot be read or understood."""
    home = home or Path.home()
    merged: dict[str, Any] = {}
    for file in _condarcs(home, environ):
        for key, value in _yaml(file, environ).items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
    if environ.get("CONDA_CHANNEL_ALIAS"):
        merged["channel_alias"] = environ["CONDA_CHANNEL_ALIAS"]
    verify, system = _verification(environ.get("CONDA_SSL_VERIFY", merged.get("ssl_verify", True)))
    proxies = merged.get("proxy_servers")
    return Rules(
        mirrors=(*_tool_mirrors(home, environ), *_mirrors(merged)),
        named=tuple(_addresses(merged)),
        credentials=tuple(_credentials(home, environ)),
        verify=verify,
        system_certificates=system,
        proxies={str(key): str(value) for key, value in proxies.items() if value}
        if isinstance(proxies, dict)
        else {},
    )


def _condarcs(home: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield conda's configuration files, those first that others override."""
    listed = [Path("/etc/conda"), Path("/var/lib/conda")]
    listed += [Path(environ[name]) for name in ("CONDA_ROOT", "MAMBA_ROOT_PREFIX") if environ.get(name)]
    listed += [Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "conda", home / ".conda"]
    for folder in listed:
        yield from (folder / name for name in (".condarc", "condarc"))
        yield from sorted((folder / "condarc.d").glob("*.y*ml"))
    yield home / ".condarc"
    yield home / ".mambarc"
    if environ.get("CONDA_PREFIX"):
        yield Path(environ["CONDA_PREFIX"]) / ".condarc"
    if environ.get("CONDARC"):
        yield Path(environ["CONDARC"]).expanduser()


def _mirrors(merged: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield addresses and what is asked in their place, in order."""
    alias = merged.get("channel_alias")
    own = str(alias).rstrip("/") if isinstance(alias, str) and alias else ALIAS
    mirrored = merged.get("mirrored_channels")
    for name, urls in mirrored.items() if isinstance(mirrored, dict) else ():
        if isinstance(urls, list):
            yield f"{ALIAS}/{name}", tuple(map(str, urls))
    custom = merged.get("custom_channels")
    for name, base in custom.items() if isinstance(custom, dict) else ():
        yield f"{ALIAS}/{name}", (f"{str(base).rstrip('/')}/{name}", f"{ALIAS}/{name}")
    if own != ALIAS:
        old = merged.get("migrated_channel_aliases")
        for before in (ALIAS, *(map(str, old) if isinstance(old, list) else ())):
            yield before, (own, before)


def _tool_mirrors(home: Path, environ: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the mirrors in rattler's and pixi's own configuration."""
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    pixi = Path(environ.get("PIXI_HOME") or home / ".pixi")
    for file in (config / "rattler/config.toml", config / "pixi/config.toml", pixi / "config.toml"):
        text = _text(file)
        mirrors = parse_toml(text, str(file)).get("mirrors") if text else None
        for before, urls in mirrors.items() if isinstance(mirrors, dict) else ():
            if isinstance(urls, list):
                yield str(before), tuple(map(str, urls))


def _addresses(merged: Mapping[str, Any]) -> Iterator[str]:
    """Yield every address that conda's configuration names, tokens and passwords included."""
    for key in ("channel_alias", "channels", "default_channels", "custom_channels", "custom_multichannels"):
        yield from _texts(merged.get(key))
    yield from _texts(merged.get("mirrored_channels"))
    settings = merged.get("channel_settings")
    if isinstance(settings, list):
        yield from (str(row["channel"]) for row in settings if isinstance(row, dict) and "channel" in row)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (text if isinstance(inner, list) else f"{text}/{name}" for text in _texts(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _credentials(home: Path, environ: Mapping[str, str]) -> Iterator[Credential]:
    """Yield rattler's credentials, by host (`example.org`, `*.example.org`) or address."""
    chosen = environ.get("RATTLER_AUTH_FILE")
    file = Path(chosen).expanduser() if chosen else home / ".rattler/credentials.json"
    text = _text(file)
    try:
        content = json.loads(text or "{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise UnsuitableLockfile(f"{file} is not JSON; correct it, or point RATTLER_AUTH_FILE elsewhere.")
    for where, entry in content.items():
        if isinstance(entry, dict):
            basic = entry.get("BasicHTTP")
            basic = basic if isinstance(basic, dict) else {}
            yield Credential(
                str(where),
                token=_string(entry.get("CondaToken")),
                bearer=_string(entry.get("BearerToken")),
                user=_string(basic.get("username")),
                password=_string(basic.get("password")),
            )


def _verification(value: object) -> tuple[bool | str, bool]:
    """Return conda's `ssl_verify` as `requests` has it, and whether the system's certificates count."""
    text = value.strip() if isinstance(value, str) else value
    if text in (True, None) or str(text).lower() in ("true", "yes", "1", "on"):
        return True, False
    if text is False or str(text).lower() in ("false", "no", "0", "off"):
        return False, False
    if text == "truststore":
        return True, True
    if isinstance(text, str) and Path(text).expanduser().exists():
        return str(Path(text).expanduser()), False
    raise UnsuitableLockfile(
        f"conda's ssl_verify is {value!r}, but must be true, false, truststore or a file; correct it in "
        ".condarc."
    )


def _yaml(file: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    text = Template(_text(file)).safe_substitute(environ)  # `${TOKEN}`, as conda reads it
    try:
        return parse_yaml(text, str(file), MAX_FILE) if text.strip() else {}
    except InvalidRequest as error:
        raise UnsuitableLockfile(str(error)) from None


def _text(file: Path) -> str:
    """Return a file's text, none where it is not there."""
    try:
        return read_small(file, MAX_FILE).decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError, CondaStoreLabError):
        raise UnsuitableLockfile(f"{file} cannot be read; correct it or take it away.") from None


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
