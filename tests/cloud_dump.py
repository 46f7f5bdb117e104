"""A cloud as plain data, and back: for clouds that are kept beside a state made on them.

Owns nothing of what a cloud may hold: what comes back is what was dumped, and no rule is asked.
"""

import json
from pathlib import Path
from typing import Any

from sandbox.cloud.core.database import Database

__all__ = ["dump", "restore"]

_RESOURCES = "SELECT id, kind, region, attributes FROM resources WHERE leaving = 0 ORDER BY rowid"
_SETTINGS = "SELECT name, value FROM settings ORDER BY name"


def dump(path: Path) -> dict[str, Any]:
    """The resources of a store's file and its settings: counters, quotas, its seed."""
    database = Database(path)
    try:
        return {
            "settings": {name: json.loads(value) for name, value in database.rows(_SETTINGS)},
            "resources": [
                {"id": id_, "kind": kind, "region": region, "attributes": json.loads(attributes)}
                for id_, kind, region, attributes in database.rows(_RESOURCES)
            ],
        }
    finally:
        database.close()


def restore(path: Path, dumped: dict[str, Any]) -> None:
    """Make a store's file of a dump; the file mustn't exist yet.

    Raises:
        FileExistsError: it does.
    """
    if path.exists():
        raise FileExistsError(path)
    database = Database(path)
    try:
        with database.transaction() as sql:
            for name, value in dumped["settings"].items():
                database.set_setting(name, value)
            sql.executemany(
                "INSERT INTO resources VALUES (?, ?, ?, ?, 0, 0)",
                [
                    (one["id"], one["kind"], one["region"], json.dumps(one["attributes"]))
                    for one in dumped["resources"]
                ],
            )
    finally:
        database.close()
