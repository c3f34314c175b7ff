"""nginx in front of the conda-store: it hands out the archives itself, as fast as a given link."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# bytes a second; nginx counts for each connection by itself, and each way measured here uses one
LINKS = {"uncapped": 0, "1 Gbit/s": 125_000_000, "200 Mbit/s": 25_000_000}

MAIN = """\
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 512; }}
http {{
  access_log off;
  sendfile on;
  default_type application/octet-stream;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
{servers}}}
"""
SERVER = """\
  server {{
    listen 127.0.0.1:{port};
    location ~ ^/conda-store/api/v1/build/(\\d+)/archive/$ {{ return 307 /archives/$1.tar.gz; }}
    location /archives/ {{ alias {folder}/archives/; limit_rate {rate}; }}
    location /conda-forge/ {{ alias {folder}/channel/; limit_rate {rate}; }}
    location / {{ proxy_pass {upstream}; proxy_set_header Host $http_host; }}
  }}
"""


class Front:
    """A running nginx: `url` and `archive` give addresses by the name of a link (LINKS)."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self._ports = ports

    def url(self, link: str) -> str:
        """Return the conda-store's address."""
        return f"http://127.0.0.1:{self._ports[link]}/conda-store"

    def port(self, link: str) -> int:
        """Return the port that the server of a link listens on."""
        return self._ports[link]

    def archive(self, link: str, build: int) -> str:
        """Return the address of a build's archive."""
        return f"http://127.0.0.1:{self._ports[link]}/archives/{build}.tar.gz"


@contextmanager
def front(
    folder: Path, store: str, archives: Mapping[int, Path], channel: Path | None = None
) -> Iterator[Front]:
    """Run nginx in `folder` in front of the conda-store at the address `store`, until the block ends.

    It has the archives, and the files of `channel`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "archives").mkdir(parents=True)
    for build, archive in archives.items():
        (folder / "archives" / f"{build}.tar.gz").symlink_to(archive)
    if channel is not None:
        (folder / "channel").symlink_to(channel)
    ports = {link: _free_port() for link in LINKS}
    upstream = store.removesuffix("/conda-store")
    servers = "".join(
        SERVER.format(port=ports[link], folder=folder, rate=rate, upstream=upstream)
        for link, rate in LINKS.items()
    )
    user = "user root;" if os.getuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(MAIN.format(folder=folder, user=user, servers=servers), "utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-p", folder, "-c", config, "-g", "daemon off;"])
    try:
        for port in ports.values():
            _answers(port)
        yield Front(ports)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _answers(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
