"""What an account has around a NAT gateway, as a list, and what of it no stack of ours could have.

Starts from the gateway, or from its network, which the stack then owns as well. Of several gateways
of a network, it is the one with most entries: another one is another stack.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from judging.account.holding import (
    Account,
    Card,
    DnatEntry,
    Eip,
    Gateway,
    Part,
    Role,
    SnatEntry,
    VSwitch,
    account_of,
    place_of_gateway,
)
from judging.account.reading import Reader
from tools.adopt.drafting import Namer, dashed
from tools.adopt.part import Finding, Left, Sought

_EIP: Final = "an EIP"
_WORKS: Final = "Available"
_Entry = TypeVar("_Entry", DnatEntry, SnatEntry)


def gateway_found(reader: Reader, sought: Sought) -> Finding:
    """What stands on a gateway, or on the gateway of a network."""
    regions, vpc = sought.regions, sought.id
    if sought.key == "gateway":
        region, vpc = place_of_gateway(reader, sought.id, sought.regions)
        regions = (region,)
    if sought.key not in {"gateway", "vpc"} or not vpc:
        return Finding()
    account = account_of(reader, regions, vpc, [Part.NAT])
    return _Found(account, sought).finding() if account.vpcs else Finding()


class _Found:
    """One network of an account, looked through."""

    def __init__(self, account: Account, sought: Sought) -> None:
        self.account = account
        self.sought = sought
        (self.vpc,) = account.vpcs
        self.left: list[Left] = []
        self.gateway = self._gateway()

    def _gateway(self) -> Gateway | None:
        """The gateway that it is about."""
        public = [one for one in self.account.gateways if one.public]
        if self.sought.key == "gateway":
            return next((one for one in self.account.gateways if one.id == self.sought.id), None)
        chosen = max(public, key=lambda one: (len(one.dnat) + len(one.snat), one.id), default=None)
        for one in self.account.gateways:
            if not one.public:
                self._leave(one.id, "a VPC NAT gateway", "it isn't one to the internet")
            elif one is not chosen:
                why = f"{chosen.id if chosen else 'another'} has more entries"
                remedy = f"another gateway is another stack: make adopt GATEWAY={one.id}"
                self._leave(one.id, "a NAT gateway", why, remedy)
        return chosen

    def _leave(self, identity: str, what: str, why: str, remedy: str = "") -> None:
        self.left.append(Left(identity, what, why, remedy))

    def finding(self) -> Finding:
        """The list, and what isn't on it."""
        vswitches = [one.id for one in _sorted(self.account.vswitches)]
        listed: dict[str, Any] = {"vpc": self.vpc.id, "vswitches": vswitches}
        if self.sought.key == "gateway":  # others stand on its network
            listed["uses"] = [self.vpc.id, *vswitches]
        if self.gateway is not None:
            listed |= self._on_gateway(self.gateway)
        return Finding(self.vpc.region, listed, tuple(self.left))

    def _on_gateway(self, gateway: Gateway) -> dict[str, Any]:
        eips = _sorted(one for one in self.account.eips if one.bound_to == gateway.id)
        package = _package_of(eips or self.account.eips, needed=bool(gateway.dnat))
        dnat = [*self._working(gateway.dnat, "a DNAT entry")]
        if not package:
            for one in dnat:
                why = "its address is in no bandwidth package, and a stack's mapped ones are in one"
                remedy = "put the gateway's addresses into a package first"
                self._leave(one.id, "a DNAT entry", why, remedy)
            dnat = []
        snat = [*self._working(gateway.snat, "a SNAT entry")]
        reached = {one.host_ip for one in dnat}
        hosts = {
            card.server for card in self.account.cards if card.primary and card.address in reached
        }
        return {
            "natGateway": gateway.id,
            **({"bandwidthPackage": package} if package else {}),
            "publicIps": [one.id for one in eips if self._packed(one, package)],
            "sparePublicIps": [one.id for one in self._spare(package)],
            "portMappings": [f"{one.table}:{one.id}" for one in dnat],
            "egress": [f"{one.table}:{one.id}" for one in snat],
            "hosts": sorted(hosts),
            "servers": self._servers(package),
        }

    def _packed(self, eip: Eip, package: str) -> bool:
        """Whether an address is in the package that all of a stack's are in."""
        if eip.package == package:
            return True
        where = f"in {eip.package}" if eip.package else "in no package"
        why = f"it is {where}; the others are in {package or 'none'}"
        self._leave(eip.id, _EIP, why, "a stack's addresses are in one package, or none is")
        return False

    def _spare(self, package: str) -> Iterator[Eip]:
        """The package's other addresses: those that are bound to nothing."""
        near = {one.id for one in self.account.gateways}
        near |= {one.id for one in self.account.cards if not one.primary}
        for one in _sorted(self.account.eips):
            if one.bound_to in near:
                continue
            if one.role is Role.NOTHING:
                if one.package == package:
                    yield one
            else:
                where = f"it is bound to a {one.role.value}: {one.bound_to}"
                remedy = "docs/migrate-fixed-public-ip.md moves a server's own to an interface"
                self._leave(one.id, _EIP, where, remedy if one.role is Role.SERVER else "")

    def _working(self, entries: Iterable[_Entry], what: str) -> Iterator[_Entry]:
        """The entries that are in a state that works, in an order that stays."""
        for one in _sorted(entries):
            if one.status == _WORKS:
                yield one
            else:
                self._leave(one.id, what, f"it is {one.status}", "adopt again once it is there")

    def _servers(self, package: str) -> dict[str, Any]:
        """Servers that are reached on a second network interface, each with its addresses."""
        names, servers = Namer("", ()), dict[str, Any]()
        for card in _sorted(self.account.cards):
            mine = [one for one in self.account.eips if one.bound_to == card.id]
            if card.primary or not mine:
                continue
            if not card.server:
                for one in mine:
                    self._leave(one.id, _EIP, f"its interface {card.id} is in no server")
                continue
            own = [one for one in _sorted(mine) if self._packed(one, package)]
            # The one of the primary address comes first.
            own.sort(key=lambda one: one.private_ip not in {"", card.address})
            if own:
                name = names.name(None, card.name, f"server-{dashed(card.address)}")
                ids = [one.id for one in own]
                servers[name] = {"eni": card.id, "instance": card.server, "publicIps": ids}
        return servers


_Thing = TypeVar("_Thing", Card, DnatEntry, Eip, SnatEntry, VSwitch)


def _sorted(things: Iterable[_Thing]) -> list[_Thing]:
    """By their ids, so that names that clash are told apart in the same way each time."""
    return sorted(things, key=lambda one: one.id)


def _package_of(eips: Iterable[Eip], *, needed: bool) -> str:
    """The package that most addresses are in; none where more are in none, unless one is needed."""
    counted = Counter(one.package for one in eips if one.bound_to)
    return max(counted, key=lambda one: (needed and bool(one), counted[one], one), default="")
