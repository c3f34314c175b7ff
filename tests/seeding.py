"""Thousands of environments for a local conda-store, written straight into its database.

As a program: `python -m tests.seeding DATABASE [COUNT]`. The server may run meanwhile.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

COUNT = 10_000
NAMESPACES = 40
PREFIX = "seeded-"
FAILED_EVERY = 20  # the active build of each so many-th environment has failed
REBUILT_EVERY = 3  # each so many-th environment has an older build, too
ARTIFACTS = {"LOGS": "logs/{}.log", "LOCKFILE": "lockfile/{}.yml", "YAML": "yaml/{}.yml"}
ARCHIVE = {"CONDA_PACK": "archive/{}.tar.gz", "DIRECTORY": "/nowhere/{}"}
SUBJECTS = ("analysis", "climate", "forecast", "genomics", "imaging", "pricing", "reports", "teaching")
LOCKED_SECONDS = 60.0  # a running server may be writing

Row = tuple[object, ...]


class _Rows:
    """The rows to be written, table by table; ids go on from what is there."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.tables: dict[str, list[Row]] = {}
        self._ids: dict[str, Iterator[int]] = {}
        for table in ("namespace", "specification", "environment", "build", "build_artifact"):
            (last,) = database.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()
            self._ids[table] = itertools.count(last + 1)
            self.tables[table] = []

    def reserve(self, table: str) -> int:
        """Return the id of a row that comes later."""
        return next(self._ids[table])

    def add(self, table: str, *values: object) -> int:
        """Add a row and return its id."""
        row = self.reserve(table)
        self.tables[table].append((row, *values))
        return row


def seed(path: Path, count: int = COUNT, namespaces: int = NAMESPACES) -> None:
    """Put `count` environments with their builds over so many namespaces, in place of what was seeded before.

    Namespaces are `seeded-00` on, environments `climate-00001` and the like. Their builds have no files:
    archives, logs and lockfiles are listed, and not found.
    """
    with closing(sqlite3.connect(path, LOCKED_SECONDS, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        _remove(database)
        rows = _Rows(database)
        homes = [rows.add("namespace", f"{PREFIX}{index:02}", None, "{}") for index in range(namespaces)]
        for index in range(count):
            _environment(rows, homes[index % namespaces], index)
        for table, values in rows.tables.items():
            if values:
                places = ", ".join("?" * len(values[0]))
                database.executemany(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({places})", values)
        database.execute("COMMIT")


def unseed(path: Path) -> None:
    """Remove what was seeded, and nothing else."""
    with closing(sqlite3.connect(path, LOCKED_SECONDS, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        _remove(database)
        database.execute("COMMIT")


@contextmanager
def seeded(path: Path, count: int = COUNT, namespaces: int = NAMESPACES) -> Iterator[None]:
    """Have a database seeded for a while."""
    seed(path, count, namespaces)
    try:
        yield
    finally:
        unseed(path)


COLUMNS = {
    "namespace": "id, name, deleted_on, metadata_",
    "specification": "id, name, spec, sha256, created_on, is_lockfile",
    "environment": "id, namespace_id, name, current_build_id, deleted_on, description",
    "build": "id, specification_id, environment_id, status, size, scheduled_on, started_on, ended_on, "
    "build_key_version",
    "build_artifact": "id, build_id, artifact_type, key",
}


def _environment(rows: _Rows, namespace: int, index: int) -> None:
    """Add one environment with its specification and builds."""
    name = f"{SUBJECTS[index // 7 % len(SUBJECTS)]}-{index:05}"
    description = f"What {name} needs" if index % 10 == 0 else ""
    specification = {
        "channels": ["conda-forge"],
        "dependencies": ["python", "ipykernel"],
        "description": description,
        "name": name,
        "prefix": None,
        "variables": None,
    }
    text = json.dumps(specification)
    digest = hashlib.sha256(f"{namespace} {text}".encode()).hexdigest()
    moment = datetime(2026, 1, 1) + timedelta(minutes=index)
    made = rows.add("specification", name, text, digest, str(moment), 0)
    environment = rows.reserve("environment")
    current = 0
    for age in range(1 if index % REBUILT_EVERY else 2):
        failed = index % FAILED_EVERY == 0 and age == (0 if index % REBUILT_EVERY else 1)
        start = moment + timedelta(days=age)
        times = [str(start + timedelta(seconds=seconds)) for seconds in (0, 1, 31)]
        status, size = ("FAILED", 0) if failed else ("COMPLETED", 100_000_000 + index)
        current = rows.add("build", made, environment, status, size, *times, 2)
        for kind, key in {**ARTIFACTS, **({} if failed else ARCHIVE)}.items():
            rows.add("build_artifact", current, kind, key.format(f"{digest[:8]}-{current}-{name}"))
    rows.tables["environment"].append((environment, namespace, name, current, None, description))


def _remove(database: sqlite3.Connection) -> None:
    """Remove the seeded namespaces with all that is in them."""
    spaces = f"SELECT id FROM namespace WHERE name LIKE '{PREFIX}%'"
    environments = f"SELECT id FROM environment WHERE namespace_id IN ({spaces})"
    builds = f"SELECT id FROM build WHERE environment_id IN ({environments})"
    made = f"SELECT DISTINCT specification_id FROM build WHERE environment_id IN ({environments})"
    specifications = [row for (row,) in database.execute(made)]
    database.execute(f"DELETE FROM build_artifact WHERE build_id IN ({builds})")
    database.execute(f"DELETE FROM build_conda_package_build WHERE build_id IN ({builds})")
    database.execute(f"DELETE FROM build WHERE environment_id IN ({environments})")
    database.execute(f"DELETE FROM environment WHERE namespace_id IN ({spaces})")
    database.execute(f"DELETE FROM namespace WHERE name LIKE '{PREFIX}%'")
    unused = "id = ? AND NOT EXISTS (SELECT 1 FROM build WHERE specification_id = specification.id)"
    if specifications:
        database.execute("CREATE INDEX seeding ON build (specification_id)")
        database.executemany(
            f"DELETE FROM specification WHERE {unused}", [(number,) for number in specifications]
        )
        database.execute("DROP INDEX seeding")


if __name__ == "__main__":
    seed(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
