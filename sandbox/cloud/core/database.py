"""The SQLite file under the store: its tables, its settings, and how transactions are made.

It owns durability. Each call is one `BEGIN IMMEDIATE` transaction in WAL mode, so a process that
is killed at any point leaves either the state before the call or the state after it, and other
processes read and write the same file meanwhile.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

__all__ = ["Database"]

_TABLES = """
CREATE TABLE IF NOT EXISTS resources (
    id TEXT NOT NULL, kind TEXT NOT NULL, region TEXT NOT NULL, attributes TEXT NOT NULL,
    until REAL NOT NULL DEFAULT 0, leaving INTEGER NOT NULL DEFAULT 0,
    -- Some ids are names, which other kinds and other regions may have as well.
    PRIMARY KEY (id, kind, region)
);
CREATE INDEX IF NOT EXISTS resources_kind ON resources (kind, region);
CREATE INDEX IF NOT EXISTS resources_until ON resources (until);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, id TEXT NOT NULL, wanted TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS calls (
    number INTEGER PRIMARY KEY, operation TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    key TEXT NOT NULL, outcome TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS faults (
    number INTEGER PRIMARY KEY, effect TEXT NOT NULL, operation TEXT NOT NULL, kind TEXT NOT NULL,
    code TEXT NOT NULL, countdown INTEGER NOT NULL, every INTEGER NOT NULL, remaining INTEGER
);
CREATE TABLE IF NOT EXISTS tried (
    fault INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (fault, key)
);
"""


class Database:
    """One connection, shared by the threads of this process.

    Args:
        path: the file.
        indexes: the attributes, one or several together, that resources are looked up by.
    """

    def __init__(self, path: Path | str, indexes: Iterable[tuple[str, ...]] = ()) -> None:
        self.path = str(path)
        if self.path != ":memory:":
            _make_private(Path(self.path))
        self._lock = threading.RLock()
        self.connection = sqlite3.connect(
            self.path, timeout=60, isolation_level=None, check_same_thread=False
        )
        self.connection.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing at this level; only a power cut could lose the last calls.
        self.connection.execute("PRAGMA synchronous=NORMAL")
        with self.transaction():
            self._create_tables(indexes)

    def _create_tables(self, indexes: Iterable[tuple[str, ...]]) -> None:
        # Not `executescript`: that commits, and two processes may open a new file at once.
        statements: list[str] = [*_TABLES.split(";")]
        for names in indexes:
            columns = ", ".join(f"json_extract(attributes, '$.{name}')" for name in names)
            index = "resources_" + "_".join(names)
            statements.append(f"CREATE INDEX IF NOT EXISTS {index} ON resources ({columns})")
        for statement in statements:
            if statement.strip():
                self.connection.execute(statement)

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """All or nothing; one at a time across threads and processes."""
        with self._lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """Inside a transaction: undo this part alone when it fails."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO part")
            self.connection.execute("RELEASE part")
            raise
        self.connection.execute("RELEASE part")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self.connection.execute(query, values).fetchall()

    def setting(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - JSON values
        found = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(found[0][0]) if found else default

    def set_setting(self, name: str, value: object) -> None:
        """Within a transaction of the caller's."""
        self.connection.execute(
            "INSERT INTO settings VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )

    def close(self) -> None:
        with self._lock:
            self.connection.close()


def _make_private(file: Path) -> None:
    """Make the file, if it isn't there, so that its owner alone reads it.

    Attributes hold secrets decrypted, as the cloud got them. SQLite's files beside it take
    its mode.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One that is there is never opened here: whoever closes a file, by whatever handle, gives up
    # all locks that SQLite has on it in the same process.
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    file.chmod(0o600)
