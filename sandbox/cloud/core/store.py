"""The simulated cloud itself: create, read, update and delete under the cloud's rules.

It owns the order of things within one call: fault plan, rules, change, log. All of it is one
transaction, so no kill and no crash leaves half a call behind.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from sandbox.cloud.catalogue import KINDS
from sandbox.cloud.core.calls import (
    OK,
    Call,
    Faults,
    Operation,
    due,
    due_of_action,
    log_call,
    read_calls,
)
from sandbox.cloud.core.database import Database
from sandbox.cloud.core.errors import CallerKilledError, CloudError, LostAnswerError
from sandbox.cloud.core.quotas import DEFAULTS, OVERRIDDEN, RAISED
from sandbox.cloud.core.resource import Resource
from sandbox.cloud.core.session import DEFAULT_SECONDS, SECONDS, Session

__all__ = ["DEFAULT_REGION", "Changes", "Store"]

DEFAULT_REGION = "cn-shanghai"
_Answer = TypeVar("_Answer")
Changes = Mapping[str, Any] | Callable[[Resource], Mapping[str, Any]]
_INDEXES = sorted(
    {(one,) if isinstance(one, str) else one for kind in KINDS.values() for one in kind.indexed}
)


class _Number:
    """A setting of the store, by its own name."""

    def __init__(self, default: float) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, store: "Store", owner: type) -> float:
        return float(store.database.setting(self._name, self._default))

    def __set__(self, store: "Store", number: float) -> None:
        with store.database.transaction():
            store.database.set_setting(self._name, number)


class Store:
    """A cloud account in a file. Threads and processes may share it.

    Args:
        path: the SQLite file; made when it doesn't exist. `:memory:` keeps it in this process.
        seed: makes ids repeatable. Counts only when the file is new; random otherwise.
    """

    # How long a change is under way: of an entry of a NAT gateway or a route,
    entry_seconds = _Number(DEFAULT_SECONDS)
    # of an EIP that is Associating or Unassociating,
    association_seconds = _Number(DEFAULT_SECONDS)
    # of a gateway instance or a VPN connection.
    instance_seconds = _Number(DEFAULT_SECONDS)
    # How many calls of the API each caller may make; any number at 0.
    calls_per_second = _Number(0)

    def __init__(self, path: Path | str, *, seed: str | None = None) -> None:
        self.database = Database(path, _INDEXES)
        self.faults = Faults(self.database)
        self.is_dry = False
        with self.database.transaction():
            if self.database.setting("seed") is None:
                self.database.set_setting("seed", seed or secrets.token_hex(8))

    def close(self) -> None:
        self.database.close()

    def only_trying(self) -> "Store":
        """The same cloud, which does nothing: what it would do, it refuses as a dry run."""
        same = copy(self)
        same.is_dry = True
        return same

    # --- the cloud's operations ---------------------------------------------------------------

    def create(
        self,
        kind: str,
        wanted: Mapping[str, Any],
        *,
        region: str = DEFAULT_REGION,
        token: str = "",
        key: str = "",
    ) -> Resource:
        """Make a resource.

        Args:
            kind: one of the catalogue's.
            wanted: attributes that are asked for.
            region: where.
            token: the client token. The same token again answers the first result.
            key: what the caller calls the resource, for the log and for faults.

        Raises:
            CloudError: the cloud refuses; nothing was made.
        """
        return self._call(
            "create", kind, "", key, region, lambda s: self.made(s, kind, wanted, token)
        )

    def made(
        self, session: Session, kind: str, wanted: Mapping[str, Any], token: str = ""
    ) -> Resource:
        """One that is made within a call, or was by an earlier one with the same token."""
        asked = json.dumps(dict(wanted), sort_keys=True)
        if earlier := self._earlier(session, kind, token, asked):
            return earlier
        made = KINDS[kind].create(session, dict(wanted))
        if token:
            self.database.connection.execute(
                "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", (token, made.id, asked)
            )
        return made

    def _earlier(self, session: Session, kind: str, token: str, asked: str) -> Resource | None:
        rows = self.database.rows("SELECT id, wanted FROM tokens WHERE token = ?", token)
        if not token or not rows:
            return None
        identity, wanted = rows[0]
        if wanted != asked:
            raise CloudError(
                "IdempotentParameterMismatch",
                f"The client token {token} was used before, with other parameters.",
            )
        return session.get(kind, identity)

    def read(
        self, kind: str, identity: str, *, region: str = DEFAULT_REGION, key: str = ""
    ) -> Resource | None:
        """A resource as it is now; None when there is none."""
        return self._call("read", kind, identity, key, region, lambda s: s.get(kind, identity))

    def ask(
        self,
        kind: str,
        question: Callable[[Session], _Answer],
        *,
        region: str = DEFAULT_REGION,
    ) -> _Answer:
        """One read of several resources, mostly of one kind: whatever a look at the cloud tells."""
        return self.together("read", kind, question, region=region)

    def together(
        self,
        operation: Operation,
        kind: str,
        act: Callable[[Session], _Answer],
        *,
        region: str = DEFAULT_REGION,
    ) -> _Answer:
        """One call that does something with several of a kind: all of it, or nothing."""
        return self._call(operation, kind, "", "", region, act)

    def update(
        self,
        kind: str,
        identity: str,
        changes: Changes,
        *,
        region: str = DEFAULT_REGION,
        key: str = "",
    ) -> Resource:
        """Change attributes; None removes one.

        Args:
            kind: one of the catalogue's.
            identity: the cloud's id.
            changes: the attributes, or what makes them of the resource as it is.
            region: where.
            key: what the caller calls the resource, for the log and for faults.

        Raises:
            CloudError: the cloud refuses; nothing was changed.
        """
        rules = KINDS[kind]

        def act(session: Session) -> Resource:
            found = session.need(kind, identity)
            return rules.update(session, found, changes(found) if callable(changes) else changes)

        return self._call("update", kind, identity, key, region, act)

    def delete(
        self,
        kind: str,
        identity: str,
        *,
        region: str = DEFAULT_REGION,
        force: bool = False,
        key: str = "",
    ) -> None:
        """Delete a resource; `force` as the product's API has it.

        Raises:
            CloudError: the cloud refuses, or there is no such resource (`….NotFound`).
        """
        rules = KINDS[kind]

        def act(session: Session) -> None:
            rules.delete(session, session.need(kind, identity), force=force)

        self._call("delete", kind, identity, key, region, act)

    def look(self, kind: str, identity: str, *, region: str = DEFAULT_REGION) -> Resource | None:
        """A resource as it is now, like `read`; not logged, no faults."""
        return self.view(lambda session: session.get(kind, identity), region=region)

    def view(
        self, question: Callable[[Session], _Answer], *, region: str = DEFAULT_REGION
    ) -> _Answer:
        """Whatever a look at the cloud tells, like `ask`; not logged, no faults."""
        with self.database.transaction():
            return question(Session(self.database, KINDS, region))

    def check_action(self, action: str) -> None:
        """Refuse a call of the API, where the fault plan says so of its action.

        Raises:
            CloudError: with the code that the plan names.
        """
        with self.database.transaction():
            effect = due_of_action(self.database, action)
            if effect:
                log_call(self.database, Call(0, action, "", "", "", effect[1], time.time()))
        if effect:
            raise CloudError(effect[1], "The sandbox was told to refuse this call.")

    def all(self, kind: str | None = None, *, region: str | None = None) -> list[Resource]:
        """Everything there is, oldest first, region by region; not logged, no faults.

        What belongs to no region, like a role, is there once.

        Args:
            kind: of this kind alone.
            region: in this one alone, with what belongs to none.
        """
        with self.database.transaction():
            found = (
                one
                for place in ([region] if region else self.regions())
                for name in ([kind] if kind else KINDS)
                for one in Session(self.database, KINDS, place).find(name)
            )
            return list({(one.kind, one.id, one.region): one for one in found}.values())

    def regions(self) -> list[str]:
        """The regions that anything lies in, sorted."""
        rows = self.database.rows("SELECT DISTINCT region FROM resources ORDER BY region")
        return [str(region) for (region,) in rows]

    # --- a cloud made of a state ----------------------------------------------------------------

    def remember(self, kind: str, identity: str, known: Mapping[str, Any], *, region: str) -> None:
        """Put a resource there as a state has it: no rule is asked, and nothing is logged.

        In the state's order: what a resource changes of others once it is there (the status of what
        it binds, say) is done to those that are there by then.

        Args:
            kind: one of the catalogue's.
            identity: the cloud's id.
            known: its attributes, as far as the state has them.
            region: where.
        """
        rules = KINDS[kind]
        with self.database.transaction():
            session = Session(self.database, KINDS, region)
            if session.get(kind, identity) is None:
                session.add(rules.remembered(session, identity, dict(known)))
            with suppress(CloudError):  # of what isn't there, nothing changes
                rules.created(session, session.need(kind, identity))

    def assume(self, kind: str, identity: str, known: Mapping[str, Any], *, region: str) -> bool:
        """Put what others are said to have there, once; returns whether it is new.

        What is there otherwise stays as it is. What was assumed before becomes as it is told now,
        unless somebody has deleted it.

        Args:
            kind: one of the catalogue's.
            identity: the cloud's id.
            known: its attributes, as far as they are told.
            region: where.
        """
        assumed = self.assumed
        with self.database.transaction():
            session = Session(self.database, KINDS, region)
            found = session.get(kind, identity)
            if found is not None and identity in assumed:
                session.change(found, KINDS[kind].derive(known), found.until)
            if found is not None or identity in assumed:
                return False
            self.database.set_setting("assumed", sorted({*assumed, identity}))
        self.remember(kind, identity, known, region=region)
        return True

    @property
    def assumed(self) -> frozenset[str]:
        """The ids of what was assumed to be there."""
        return frozenset(self.database.setting("assumed", ()))

    def reveal(self, kind: str, identity: str, known: Mapping[str, Any], *, region: str) -> None:
        """Add what wasn't known of a resource; what is known stays."""
        with self.database.transaction():
            session = Session(self.database, KINDS, region)
            if found := session.get(kind, identity):
                filled = KINDS[kind].derive(known)
                new = {name: filled[name] for name in filled if name not in found.attributes}
                session.change(found, new, found.until)

    # --- what tests and users may turn --------------------------------------------------------

    def set_quota(self, name: str, allowed: int) -> None:
        """Override one quota, raised or not; the names are in `sandbox.cloud.core.quotas`."""
        if name not in DEFAULTS:
            raise KeyError(f"no quota is called {name!r}; there are {', '.join(sorted(DEFAULTS))}")
        with self.database.transaction():
            overridden = self.database.setting(OVERRIDDEN, {})
            self.database.set_setting(OVERRIDDEN, {**overridden, name: allowed})

    def set_seconds(self, kind: str, seconds: float) -> None:
        """Let each change of a kind take so long: it reads Pending, or Deleting, until then.

        Args:
            kind: one of the catalogue's, also one of those that take no time unless told.
            seconds: 0 is at once.
        """
        known = KINDS[kind].name
        with self.database.transaction():
            told = self.database.setting(SECONDS, {})
            self.database.set_setting(SECONDS, {**told, known: seconds})

    def raise_quotas(self, raised: Mapping[str, int]) -> None:
        """Have these quotas raised, and none that were before."""
        with self.database.transaction():
            self.database.set_setting(RAISED, dict(raised))

    @property
    def quotas(self) -> Mapping[str, int]:
        """The quotas that were set; they go before those that each run has raised anew."""
        return self.database.setting(OVERRIDDEN, {})

    def calls(
        self, operation: str | None = None, kind: str | None = None, outcome: str | None = None
    ) -> list[Call]:
        """The log, oldest first, of one operation, kind or outcome if stated."""
        return read_calls(self.database, operation, kind, outcome)

    def forget_calls(self) -> None:
        """Start the log anew."""
        with self.database.transaction() as sql:
            sql.execute("DELETE FROM calls")

    def delete_behind(self, identity: str) -> None:
        """Remove a resource as if by someone else: no rule is asked, and what lives in it goes."""
        with self.database.transaction():
            session, found = self._anywhere(identity)
            session.remove(found)
            KINDS[found.kind].deleted(session, found)

    def change_behind(self, identity: str, **changes: object) -> None:
        """Set attributes as if by someone else: no rule is asked. None removes one."""
        with self.database.transaction():
            session, found = self._anywhere(identity)
            session.change(found, KINDS[found.kind].derive(changes), found.until)

    def _anywhere(self, identity: str) -> tuple[Session, Resource]:
        rows = self.database.rows("SELECT kind, region FROM resources WHERE id = ?", identity)
        if not rows:
            raise KeyError(f"there is no {identity}")
        if len(rows) > 1:
            raise KeyError(f"{identity} isn't the id of one thing alone: {rows}")
        kind, region = rows[0]
        session = Session(self.database, KINDS, region)
        return session, session.need(kind, identity)

    # --- one call -----------------------------------------------------------------------------

    def _call(  # noqa: PLR0913, PLR0917 - what the log wants to know
        self,
        operation: Operation,
        kind: str,
        identity: str,
        key: str,
        region: str,
        act: Callable[[Session], _Answer],
    ) -> _Answer:
        act = _tried(act) if self.is_dry else act
        log = Call(0, operation, kind, identity, key, OK, time.time())
        answer: _Answer | None = None
        error: Exception | None
        with self.database.transaction():
            effect, code = due(self.database, operation, kind, key) or ("", "")
            if effect in {"fail", "fail_first"}:
                error = CloudError(code, "The sandbox was told to refuse this call.")
                log_call(self.database, replace(log, outcome=code))
            elif effect == "kill_before":
                error = CallerKilledError("before")
                log_call(self.database, replace(log, outcome="CallerKilled"))
            else:
                answer, error = self._act(log, region, act, effect)
        if error is not None:
            raise error
        return cast("_Answer", answer)

    def _act(
        self, log: Call, region: str, act: Callable[[Session], _Answer], effect: str
    ) -> tuple[_Answer | None, Exception | None]:
        answer: _Answer | None = None
        error: Exception | None = None
        try:
            with self.database.savepoint():
                fails = effect == "fail_script"
                answer = act(Session(self.database, KINDS, region, script_fails=fails))
        except CloudError as refusal:
            error, log = refusal, replace(log, outcome=refusal.code)
        if isinstance(answer, Resource):
            log = replace(log, id=answer.id)
        if effect == "lose_answer" and error is None:
            error, log = LostAnswerError(), replace(log, outcome="AnswerLost")
        elif effect == "kill_after":
            error, log = CallerKilledError("after"), replace(log, outcome="CallerKilled")
        log_call(self.database, log)
        return answer, error


def _tried(act: Callable[[Session], _Answer]) -> Callable[[Session], _Answer]:
    """The same, refused once it has gone well, so that nothing of it stays."""

    def tried(session: Session) -> _Answer:
        act(session)
        raise CloudError(
            "DryRunOperation", "Request validation has been passed with DryRun flag set."
        )

    return tried
