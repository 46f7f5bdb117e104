"""What a rule sees of the store while one call is handled: look-ups, changes, quotas.

A session lives inside one transaction and one region. It owns no rule itself.
"""

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.cloud.core import quotas
from sandbox.cloud.core.database import Database
from sandbox.cloud.core.errors import CloudError
from sandbox.cloud.core.ids import Making, draw_id, public_address
from sandbox.cloud.core.resource import Attributes, Resource

if TYPE_CHECKING:  # It is written in terms of sessions.
    from sandbox.cloud.core.kind import Kind

__all__ = ["DEFAULT_SECONDS", "SECONDS", "Session"]

# How long a change that takes a while does, unless a setting says otherwise.
DEFAULT_SECONDS = 0.02

# Where a store keeps how long changes of some kinds take, by kind, as somebody told it.
SECONDS = "seconds"

# Where things are kept that belong to the account as a whole: each region sees the same ones.
_GLOBAL = "global"

_COLUMNS = "id, kind, region, attributes, until, leaving"
_WHICH = "id = ? AND kind = ? AND region = ?"
# An attribute that nobody sees: how a resource's status reads while its change is under way.
_MEANWHILE = "status_meanwhile"


class Session:
    """One call's view of the store.

    Args:
        database: the store's file.
        kinds: every kind that there is, by its name.
        region: the region that the call is about.
        script_fails: the fault plan wants a script that this call starts to fail.
    """

    def __init__(
        self,
        database: Database,
        kinds: "Mapping[str, Kind]",
        region: str,
        *,
        script_fails: bool = False,
    ) -> None:
        self._database = database
        self._sql = database.connection
        self.kinds = kinds
        self.region = region
        self.script_fails = script_fails
        self.now = time.time()
        # Deletions that have run their course.
        self._sql.execute("DELETE FROM resources WHERE leaving = 1 AND until <= ?", (self.now,))

    def region_of(self, kind: str) -> str:
        """Where resources of a kind are kept: in this region, or in none at all."""
        return _GLOBAL if self.kinds[kind].scope == "account" else self.region

    def in_region(self, region: str) -> "Session":
        """The same call's view of another region."""
        return self if region == self.region else Session(self._database, self.kinds, region)

    # --- looking up ---------------------------------------------------------------------------

    def get(self, kind: str, identity: object) -> Resource | None:
        """A resource of this region, or None."""
        row = self._sql.execute(
            f"SELECT {_COLUMNS} FROM resources WHERE id = ? AND kind = ? AND region = ?",  # noqa: S608 - constant column names
            (identity, kind, self.region_of(kind)),
        ).fetchone()
        return self._resource(row) if row else None

    def need(self, kind: str, identity: object, code: str = "") -> Resource:
        """A resource of this region; its absence is refused, with the kind's own code or `code`."""
        found = self.get(kind, identity)
        if found is None:
            raise CloudError(
                code or self.kinds[kind].not_found,
                f"The {kind.replace('_', ' ')} {identity} doesn't exist in {self.region}.",
            )
        return found

    def find(self, kind: str, **having: object) -> list[Resource]:
        """Resources of a kind by their attributes, oldest first.

        By an index where the kind says so; else each of the kind is looked at.
        """
        where, values, rest = self._conditions(kind, having)
        rows = self._sql.execute(
            f"SELECT {_COLUMNS} FROM resources WHERE {where} ORDER BY rowid",  # noqa: S608 - made from the kinds' own words
            values,
        )
        found = map(self._resource, rows)
        return [one for one in found if all(one[name] == it for name, it in rest.items())]

    def count(self, kind: str, **having: object) -> int:
        where, values, rest = self._conditions(kind, having)
        if rest:
            return len(self.find(kind, **having))
        row = self._sql.execute(
            f"SELECT count(*) FROM resources WHERE {where}",  # noqa: S608 - as above
            values,
        ).fetchone()
        return int(row[0])

    def _conditions(
        self, kind: str, having: Mapping[str, object]
    ) -> tuple[str, list[object], Mapping[str, object]]:
        """What SQL judges, and the attributes that are left to judge."""
        indexed = {
            name
            for one in self.kinds[kind].indexed
            for name in ((one,) if isinstance(one, str) else one)
        }
        asked = [name for name in having if name in indexed]
        # The unary plus keeps SQLite from preferring the index on kind over the narrower one.
        plus = "+" if asked else ""
        parts = [f"{plus}kind = ?", f"{plus}region = ?"]
        parts += [f"json_extract(attributes, '$.{name}') = ?" for name in asked]
        values = [kind, self.region_of(kind), *(having[name] for name in asked)]
        rest = {name: one for name, one in having.items() if name not in indexed}
        return " AND ".join(parts), values, rest

    def _resource(self, row: tuple[Any, ...]) -> Resource:
        attributes: Attributes = json.loads(row[3])
        if row[4] > self.now:
            attributes["status"] = "Deleting" if row[5] else attributes.get(_MEANWHILE, "Pending")
        return Resource(row[0], row[1], row[2], attributes, row[4], bool(row[5]))

    def busy(self, kinds: tuple[str, ...], name: str, owner: str) -> Resource | None:
        """A resource of these kinds, belonging to `owner`, whose last change is still under way."""
        rows = self._sql.execute(
            f"SELECT {_COLUMNS} FROM resources WHERE until > ?",  # noqa: S608 - constant column names
            (self.now,),
        )
        under_way = (self._resource(row) for row in rows)
        return next((one for one in under_way if one.kind in kinds and one[name] == owner), None)

    # --- changing -----------------------------------------------------------------------------

    def add(self, resource: Resource) -> None:
        self._sql.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?, ?, 0)",
            (
                resource.id,
                resource.kind,
                resource.region,
                json.dumps(resource.attributes),
                resource.until,
            ),
        )

    def is_under_way(self, resource: Resource) -> bool:
        """Whether the resource's last change hasn't ended yet."""
        return resource.until > self.now

    def change(
        self,
        resource: Resource,
        changes: Mapping[str, Any],
        until: float = 0.0,
        meanwhile: str | None = None,
    ) -> None:
        """Set attributes; those set to None are removed.

        Args:
            resource: what to change.
            changes: the attributes.
            until: when the change ends, where it takes a while.
            meanwhile: the status to read until then, where it isn't Pending.
        """
        # What is kept, not what was read: Pending is only how a change under way reads.
        which = (resource.id, resource.kind, resource.region)
        row = self._sql.execute(
            f"SELECT attributes FROM resources WHERE {_WHICH}",  # noqa: S608 - a constant
            which,
        ).fetchone()
        merged: Attributes = {**json.loads(row[0]), **changes}
        if meanwhile:
            merged[_MEANWHILE] = meanwhile
        kept = {name: value for name, value in merged.items() if value is not None}
        self._sql.execute(
            f"UPDATE resources SET attributes = ?, until = ? WHERE {_WHICH}",  # noqa: S608 - a constant
            (json.dumps(kept), until, *which),
        )

    def remove(self, resource: Resource, until: float = 0.0) -> None:
        """Now, or when an asynchronous deletion is over."""
        which = (resource.id, resource.kind, resource.region)
        if until:
            self._sql.execute(
                f"UPDATE resources SET leaving = 1, until = ? WHERE {_WHICH}",  # noqa: S608 - a constant
                (until, *which),
            )
        else:
            self._sql.execute(f"DELETE FROM resources WHERE {_WHICH}", which)  # noqa: S608 - a constant

    # --- quotas and new things ----------------------------------------------------------------

    def quota(self, name: str) -> int:
        """How many there may be."""
        return quotas.known(self._database).get(name, quotas.DEFAULTS[name])

    def check_quota(self, name: str, used: int, code: str) -> None:
        """Refuse one more when `used` has reached the quota."""
        allowed = self.quota(name)
        if used >= allowed:
            words = name.replace("_", " ")
            raise CloudError(code, f"The quota of {allowed} {words} is used up.")

    def ends(self, kind: "Kind") -> float:
        """When a change of a kind that starts now is over; 0 where it takes no time."""
        told: Mapping[str, float] = self._database.setting(SECONDS, {})
        if kind.name in told:
            return self.now + told[kind.name] if told[kind.name] else 0.0
        if not kind.duration:
            return 0.0
        return self.now + float(self._database.setting(kind.duration, DEFAULT_SECONDS))

    def new_id(self, prefix: str) -> str:
        number = int(self._database.setting("ids_drawn", 0)) + 1
        self._database.set_setting("ids_drawn", number)
        return draw_id(prefix, self._database.setting("seed"), number)

    def new_public_address(self) -> str:
        """An address never given before while there is one, then one that nobody holds."""
        number = int(self._database.setting("addresses_drawn", 0))
        while address := public_address(number):
            number += 1
            if not self.holder(address):
                self._database.set_setting("addresses_drawn", number)
                return address
        number = 0
        while address := public_address(number):
            number += 1
            if not self.holder(address):
                return address
        raise CloudError(
            "QuotaExceeded.Eip",
            "The sandbox has no public address left: the documentation ranges hold 762.",
        )

    def holder(self, address: str) -> str | None:
        """The id of the EIP with this address, in any region."""
        row = self._sql.execute(
            "SELECT id FROM resources WHERE json_extract(attributes, '$.ip_address') = ? "
            "AND +kind = 'eip_address'",
            (address,),
        ).fetchone()
        return row[0] if row else None

    def making(self, identity: str, found: Mapping[str, Any]) -> Making:
        return Making(
            id=identity,
            region=self.region,
            now=self.now,
            new_id=self.new_id,
            new_public_address=self.new_public_address,
            found=found,
        )
