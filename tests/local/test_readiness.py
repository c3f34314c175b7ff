"""A local store that says it is ready takes a build at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from conda_store_labext.local.readiness import record_disk


def test_the_disk_is_known_before_the_worker_measures_it(tmp_path: Path) -> None:
    database = tmp_path / "conda-store.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TABLE conda_store_configuration"
            " (id INTEGER PRIMARY KEY, disk_usage BIGINT, free_storage BIGINT, total_storage BIGINT)"
        )
        connection.commit()

        def known() -> tuple[int, int, int]:
            row: tuple[int, int, int] = connection.execute(
                "SELECT disk_usage, free_storage, total_storage FROM conda_store_configuration"
            ).fetchone()
            return row

        record_disk(database, tmp_path)
        used, free, total = known()
        assert 0 < free <= total
        assert used <= total
        # what conda-store made first, without having measured
        connection.execute("UPDATE conda_store_configuration SET free_storage = 0, total_storage = 0")
        connection.commit()
        record_disk(database, tmp_path)
        assert known()[2] == total
        # what the worker has measured stays
        connection.execute("UPDATE conda_store_configuration SET free_storage = 5")
        connection.commit()
        record_disk(database, tmp_path)
        assert known()[1] == 5
