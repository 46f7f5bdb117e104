"""What a CEN joins by transit routers, as a list, and what of it no stack of ours could have.

A stack's router sends everything on by one table of its own, which learns all that is joined. What
is joined otherwise is left out: taking it over would be a change of where traffic goes.
"""

from collections.abc import Iterable
from typing import Any, Final

from judging.account.links import Attachment, Cen, Link, RouteTable, cens_of, tables_of
from judging.account.reading import Reader
from tools.adopt.drafting import Namer
from tools.adopt.part import Finding, Left, Sought

_NETWORK: Final = "VPC"


def cen_found(reader: Reader, sought: Sought) -> Finding:
    """What a CEN joins."""
    if sought.key != "cen":
        return Finding()
    for cen in cens_of(reader, identity=sought.id):
        return _Found(reader, cen).finding()
    return Finding()


class _Found:
    """One CEN, looked through."""

    def __init__(self, reader: Reader, cen: Cen) -> None:
        self.cen = cen
        self.left: list[Left] = []
        self.tables = {one.region: _own_table(tables_of(reader, one)) for one in cen.routers}
        self.attachments = [*self._served(cen.attachments, "what is attached")]
        self.links = [*self._served(cen.links, "a link")]

    def _leave(self, one: Attachment | Link, what: str, why: str, remedy: str = "") -> None:
        self.left.append(Left(one.id, what, why, remedy))

    def _served(self, joined: Iterable[Any], what: str) -> Iterable[Any]:
        """What goes by the tables that a stack would have, on each side."""
        for one in sorted(joined, key=lambda one: one.id):
            ends = {one.region, one.to} if isinstance(one, Link) else {one.region}
            if isinstance(one, Attachment) and one.kind != _NETWORK:
                why = "a data centre's ranges are known to nobody but the stack file"
                self._leave(one, what, why, "add it to dataCenters once the rest is taken over")
            elif not (one.routers if isinstance(one, Link) else one.router):
                self._leave(one, what, "it is of the basic edition")
            elif not all(_serves(self.tables.get(region), one.id) for region in ends):
                why = "its traffic doesn't go by a table that its router has beside the system's"
                remedy = "give the router one table of its own, which carries and learns all"
                self._leave(one, what, why, remedy)
            else:
                yield one

    def finding(self) -> Finding:
        """The list, and what isn't on it."""
        names, linked = Namer("", ()), Namer("", ())
        regions = {one.region for one in self.attachments}
        links = [one for one in self.links if {one.region, one.to} <= regions]
        for one in self.links:
            if one not in links:
                self._leave(one, "a link", "nothing that is taken over is attached at one end")
        if not regions:
            region = min((one.region for one in self.cen.routers), default="")
            return Finding(region or _ANY, {"cen": self.cen.id}, tuple(self.left))
        listed: dict[str, Any] = {
            "cen": self.cen.id,
            "routers": {
                one.region: {
                    "router": f"{self.cen.id}:{one.id}",
                    "table": f"{one.id}:{table.id}",
                }
                for one in self.cen.routers
                if one.region in regions and (table := self.tables[one.region])
            },
            "attachments": {
                names.name(None, one.name, one.region): {
                    "region": one.region,
                    "vpc": one.attached,
                    "vswitches": [*one.vswitches],
                    "attachment": one.id,
                }
                for one in self.attachments
            },
            "links": {
                linked.name(None, one.name, f"{one.region}-{one.to}"): {
                    "regions": [one.region, one.to],
                    "link": f"{self.cen.id}:{one.id}",
                }
                for one in links
            },
            "uses": [
                identity for one in self.attachments for identity in (one.attached, *one.vswitches)
            ],
        }
        return Finding(min(regions), listed, tuple(self.left))


_ANY: Final = "cn-hangzhou"
"""Where a CEN is read that has nothing anywhere: it is of no region."""


def _own_table(tables: Iterable[RouteTable]) -> RouteTable | None:
    """The table of a router by which most goes, of those that aren't the system's."""
    own = [one for one in tables if not one.system]
    return max(own, key=lambda one: (len(one.carries & one.learns), one.id), default=None)


def _serves(table: RouteTable | None, identity: str) -> bool:
    return table is not None and identity in table.carries & table.learns
