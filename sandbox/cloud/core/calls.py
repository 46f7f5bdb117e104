"""The log of calls: what was asked of the cloud, and how it answered."""

from dataclasses import dataclass

from sandbox.cloud.core.database import Database

__all__ = ["OK", "Call", "log_call", "read_calls"]

OK = "OK"


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `outcome` is `OK`, an error code, `AnswerLost` or `CallerKilled`."""

    number: int
    operation: str
    kind: str
    id: str
    # What the caller calls the resource: the provider gives its URN.
    key: str
    outcome: str
    at: float


def log_call(database: Database, call: Call) -> None:
    """Within a transaction of the caller's; `number` is ignored and drawn here."""
    database.connection.execute(
        "INSERT INTO calls (operation, kind, id, key, outcome, at) VALUES (?, ?, ?, ?, ?, ?)",
        (call.operation, call.kind, call.id, call.key, call.outcome, call.at),
    )


def read_calls(
    database: Database,
    operation: str | None = None,
    kind: str | None = None,
    outcome: str | None = None,
) -> list[Call]:
    """The calls so far, oldest first, of one operation, kind or outcome if stated."""
    wanted = {"operation": operation, "kind": kind, "outcome": outcome}
    stated = {name: value for name, value in wanted.items() if value is not None}
    where = " AND ".join(f"{name} = ?" for name in stated) or "1"
    rows = database.rows(
        f"SELECT number, operation, kind, id, key, outcome, at FROM calls WHERE {where} "  # noqa: S608 - three constant names
        "ORDER BY number",
        *stated.values(),
    )
    return [Call(*row) for row in rows]
