"""What was asked of the cloud, how it answered, and what it is to answer instead: faults on demand.

Both are kept in the store, so that another process can ask. A fault counts the calls that it is
about and goes off when its countdown ends; all of that is stored with the call, so a killed run
goes on counting where it stopped.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from sandbox.cloud.core.database import Database

__all__ = [
    "OK",
    "Call",
    "Effect",
    "Faults",
    "Operation",
    "due",
    "due_of_action",
    "log_call",
    "read_calls",
]

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


Operation = Literal["create", "read", "update", "delete"]
Effect = Literal["fail", "fail_first", "lose_answer", "kill_before", "kill_after", "fail_script"]
_ANY = "*"


class _Fault(NamedTuple):
    number: int
    effect: Effect
    code: str
    countdown: int
    every: int
    # None: for ever.
    remaining: int | None


class Faults:
    """The fault plan of a store. Counting starts when a fault is added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fail(
        self,
        operation: Operation = "create",
        *,
        nth: int = 1,
        kind: str | None = None,
        code: str = "InternalError",
    ) -> None:
        """Refuse the `nth` such call from now with `code`."""
        self._add("fail", operation, kind, code=code, countdown=nth, remaining=1)

    def fail_action(self, action: str, *, nth: int = 1, code: str = "InternalError") -> None:
        """Refuse the `nth` call of an action of the API from now: `DescribeVpcs`, of any product.

        One call of the API may be several here, or the same as another action's.
        """
        self._add("fail", action, None, code=code, countdown=nth, remaining=1)

    def fail_each_once(
        self, operation: Operation, *, kind: str | None = None, code: str = "InternalError"
    ) -> None:
        """Refuse each such call the first time it is tried, told apart by kind and key."""
        self._add("fail_first", operation, kind, code=code, remaining=None)

    def throttle(self, *, next_calls: int | None = None, every: int | None = None) -> None:
        """Answer `Throttling.User` to the next calls, or to every so-manieth from now on."""
        code = "Throttling.User"
        if next_calls:
            self._add("fail", None, None, code=code, remaining=next_calls)
        if every:
            self._add("fail", None, None, code=code, countdown=every, every=every, remaining=None)

    def lose_answer(
        self, operation: Operation = "create", *, nth: int = 1, kind: str | None = None
    ) -> None:
        """Do what the `nth` such call asks, and break the connection before answering."""
        self._add("lose_answer", operation, kind, countdown=nth, remaining=1)

    def fail_invocation(self, *, nth: int = 1) -> None:
        """Let the script of the `nth` invocation from now fail inside the servers.

        The cloud accepts the call and runs the command; the invocation's status becomes Failed.
        """
        self._add("fail_script", "create", "ecs_invocation", countdown=nth, remaining=1)

    def kill(
        self,
        operation: Operation = "create",
        *,
        nth: int = 1,
        when: Literal["before", "after"] = "after",
        kind: str | None = None,
    ) -> None:
        """Kill the calling process at the `nth` such call, before or after the cloud acts."""
        effect: Effect = "kill_before" if when == "before" else "kill_after"
        self._add(effect, operation, kind, countdown=nth, remaining=1)

    @property
    def are_asked_for(self) -> bool:
        """Whether any fault is still to come."""
        return bool(self._database.rows("SELECT 1 FROM faults LIMIT 1"))

    def clear(self) -> None:
        """Forget every fault and what was tried."""
        with self._database.transaction() as sql:
            sql.execute("DELETE FROM faults")
            sql.execute("DELETE FROM tried")

    def _add(  # noqa: PLR0913 - the columns of one table
        self,
        effect: Effect,
        operation: str | None,
        kind: str | None,
        *,
        code: str = "",
        countdown: int = 1,
        every: int = 1,
        remaining: int | None,
    ) -> None:
        with self._database.transaction() as sql:
            sql.execute(
                "INSERT INTO faults (effect, operation, kind, code, countdown, every, remaining) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (effect, operation or _ANY, kind or _ANY, code, countdown, every, remaining),
            )


def due(database: Database, operation: Operation, kind: str, key: str) -> tuple[Effect, str] | None:
    """Count this call for every fault it concerns; answer the effect and code of the first due.

    Within a transaction of the caller's.
    """
    return _first_due(database, (operation, _ANY), (kind, _ANY), f"{kind}:{key}")


def due_of_action(database: Database, action: str) -> tuple[Effect, str] | None:
    """The same of an action of the API, for the faults that name it."""
    return _first_due(database, (action, action), (_ANY, _ANY), action)


def _first_due(
    database: Database, operations: tuple[str, str], kinds: tuple[str, str], key: str
) -> tuple[Effect, str] | None:
    rows = database.connection.execute(
        "SELECT number, effect, code, countdown, every, remaining FROM faults "
        "WHERE operation IN (?, ?) AND kind IN (?, ?) ORDER BY number",
        (*operations, *kinds),
    ).fetchall()
    hit: tuple[Effect, str] | None = None
    for row in rows:
        fault = _Fault(*row)
        if fault.effect == "fail_first":
            off = _is_first_try(database, fault, key)
        else:
            off = _count_down(database, fault)
        if off and hit is None:
            hit = (fault.effect, fault.code)
    return hit


def _is_first_try(database: Database, fault: _Fault, key: str) -> bool:
    added = database.connection.execute(
        "INSERT OR IGNORE INTO tried VALUES (?, ?)", (fault.number, key)
    )
    return added.rowcount == 1


def _count_down(database: Database, fault: _Fault) -> bool:
    if fault.countdown > 1:
        database.connection.execute(
            "UPDATE faults SET countdown = countdown - 1 WHERE number = ?", (fault.number,)
        )
        return False
    if fault.remaining == 1:
        database.connection.execute("DELETE FROM faults WHERE number = ?", (fault.number,))
    else:
        database.connection.execute(
            "UPDATE faults SET countdown = every, remaining = remaining - 1 WHERE number = ?",
            (fault.number,),
        )
    return True
