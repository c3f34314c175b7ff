"""The wait until a server is ready for work, and the last words of one that never will be."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

BUSY_SECONDS = 30.0  # that the database may be written by others
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What a log says last is seldom what went wrong: a traceback's last line is.
USEFUL = re.compile(
    r"^(\S*(Error|Exception|Exit|Interrupt)\b.*|ERROR:.*|.*\bERROR\b.*|.*[Aa]ddress already in use.*)$"
)


def server_answers(port: int, path: str) -> bool:
    """Tell whether the server on loopback answers a request for `path` with 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def worker_is_ready(database: Path) -> bool:
    """Tell whether the worker has said so in the database, which a starting server has emptied of old words.

    The server itself looks there once in five seconds.
    """
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            row = connection.execute("SELECT initialized FROM worker LIMIT 1").fetchone()
    except sqlite3.Error:
        return False
    return bool(row and row[0])


def record_disk(database: Path, folder: Path) -> None:
    """Write down how full the disk of a folder is, unless that is known already.

    conda-store's worker measures it a few seconds after it is ready and every minute from then on; until then
    every build would be refused for want of disk. Raises sqlite3.Error.
    """
    usage = shutil.disk_usage(folder)
    with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as connection, connection:
        connection.execute(
            "INSERT INTO conda_store_configuration (id, disk_usage, free_storage, total_storage)"
            " VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET disk_usage = excluded.disk_usage,"
            " free_storage = excluded.free_storage, total_storage = excluded.total_storage"
            " WHERE COALESCE(conda_store_configuration.total_storage, 0) = 0",
            (usage.used, usage.free, usage.total),
        )


def last_useful_line(log: Path) -> str:
    """Return the last line of a log that tells an error, else the last one, else an empty text."""
    try:
        text = COLOURS.sub("", log.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if USEFUL.match(line)]
    return (errors or lines or [""])[-1]
