"""What others have put on a stack's own resources, who holds it, and what deletions make of it.

The account tells what stands there, the states of the backend whose it is, and a simulated cloud
with all of it whether a deletion is refused, by the rules that it refuses by anyway.
"""

import os
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from facts import kinds
from facts.contract import TOKENS, contract_of_kind
from judging.account.reading import Gap, Reader, UnreadError
from judging.account.standing import Ground, Standing, standing
from judging.account.transport import official
from sandbox.cloud import DEFAULT_REGION, Resource, Store
from sandbox.rehearsal.existing import Remembered, remembered
from sandbox.rehearsal.unmaking import Fate, fates
from stack.markdown import code, plain
from stack.pulumi_wire import name_of, type_of
from tools.pipeline.holders import UNKNOWN, UNMANAGED, Holders, holders_in_backend

__all__ = ["Stranger", "Strangers", "of_others", "strangers", "told"]


@dataclass(frozen=True)
class Stranger:
    """Something that isn't the stack's, and stands on what is."""

    what: str
    on: str
    """The stack's resource, by its name in the program and its id."""

    held: str
    """The stack that holds it, or `UNMANAGED`, or `UNKNOWN`."""

    fate: Fate | None
    """What a deletion of the stack's resources makes of it; None where they don't touch it."""

    @property
    def is_anothers(self) -> bool:
        """Whether another stack of the backend holds it."""
        return self.held not in {UNMANAGED, UNKNOWN}

    @property
    def stops(self) -> bool:
        """Whether a deletion is refused because of it."""
        return self.fate is not None and self.fate.refusal is not None

    @property
    def then(self) -> str:
        """What happens then."""
        if self.fate is None:
            return "leaves it"
        at = name_of(self.fate.at.urn)
        if self.fate.refusal is None:
            return f"deletes it along with {at}"
        return f"stops at {at}: {self.fate.refusal.code}"


@dataclass(frozen=True)
class Strangers:
    """All that was found, and what couldn't be."""

    found: tuple[Stranger, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unread: tuple[str, ...] = ()
    """The stacks whose states couldn't be had."""

    unasked: str = ""
    """Why the account wasn't asked, or not to its end."""

    @property
    def nobodys(self) -> tuple[Stranger, ...]:
        """Those that no stack is known to hold."""
        return tuple(one for one in self.found if not one.is_anothers)

    @property
    def stopping(self) -> tuple[Stranger, ...]:
        """Those that a deletion is refused because of, whoever holds them."""
        return tuple(one for one in self.found if one.stops)

    @property
    def notes(self) -> Iterator[str]:
        """What isn't known, a line each."""
        if self.unasked:
            yield f"What others have put on the stack's resources isn't known: {self.unasked}"
        if self.gaps:
            asked = ", ".join(f"{one.asked} ({one.code})" for one in self.gaps)
            yield (
                f"This identity may not ask {asked}: what others have there isn't known. make "
                "ram-policy ROLE=preview prints the rights."
            )
        if self.unread:
            yield f"Whose states couldn't be had: {', '.join(self.unread)}."


def strangers(
    deployment: Mapping[str, Any],
    goes: Container[str] | None = None,
    *,
    reader: Callable[[], Reader] = lambda: Reader(official(os.environ)),
    holders: Callable[[], Holders] = holders_in_backend,
) -> Strangers:
    """Look for what others have put on the resources of a stack.

    Args:
        deployment: its state, as `pulumi stack export` has it.
        goes: the URNs of what is to be deleted; everything that the stack deletes unless given.
        reader: asks the account.
        holders: asks the backend; not unless there is something that may be another stack's.
    """
    own = [*_own(deployment, os.environ.get("ALICLOUD_REGION") or DEFAULT_REGION)]
    if not own:
        return Strangers()
    ids = {one.id for one in own}
    try:
        asked = reader()
        found = [one for one in standing(asked, _grounds(own)) if one.id not in ids]
    except UnreadError as reason:
        return Strangers(unasked=str(reason).splitlines()[0])
    if not found:
        return Strangers(gaps=asked.gaps)
    known = holders()
    others = {one: _as_remembered(one) for one in found}
    with closing(Store(":memory:")) as store:
        for one in (*own, *_beside(found, own), *others.values()):
            store.remember(one.kind, one.id, one.attributes, region=one.region)
        went = fates(store, own, others.values(), _deleted(deployment) if goes is None else goes)
    names = {one.id: name_of(one.urn) for one in own}
    by_other = {id(fate.of): fate for fate in went}
    return Strangers(
        tuple(
            Stranger(
                _said(one),
                f"{names[one.on]} ({one.on})" if one.on in names else one.on,
                known.of(one.id),
                by_other.get(id(other)),
            )
            for one, other in others.items()
        ),
        asked.gaps,
        known.unread,
    )


def told(found: Iterable[Stranger], deletion: str) -> list[str]:
    """A table of them, in Markdown.

    Args:
        found: what is told.
        deletion: what deletes, in Markdown, such as `pulumi destroy` in its marks.
    """
    rows = [(code(one.what), code(one.on), plain(one.held), plain(one.then)) for one in found]
    head = ("What", "On", "Held by", deletion)
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def of_others(
    store: Store, deployment: Mapping[str, Any], region: str, holder: Callable[[Resource], str]
) -> list[Stranger]:
    """The same in a cloud that is there as a whole: what a deletion of the stack would touch.

    Args:
        store: the cloud, which is emptied.
        deployment: the stack's state.
        region: of what the state doesn't place.
        holder: the stack that holds something of others, or `UNMANAGED`.
    """
    own = [*_own(deployment, region)]
    ids = {(one.kind, one.id) for one in own}
    rest = [one for one in store.all() if (one.kind, one.id) not in ids]
    others = [Remembered("", one.kind, one.id, one.region, dict(one.attributes)) for one in rest]
    went = {id(fate.of): fate for fate in fates(store, own, others, _deleted(deployment))}
    return [
        Stranger(_said_of(other), fate.at.id, holder(one), fate)
        for one, other in zip(rest, others, strict=True)
        if (fate := went.get(id(other)))
    ]


def _own(deployment: Mapping[str, Any], region: str) -> Iterator[Remembered]:
    """What the stack has in the cloud; what it looks up isn't its own, nor what nobody knows."""
    resources: Iterable[Mapping[str, Any]] = deployment.get("resources") or ()
    known = [
        one
        for one in resources
        if not one.get("external") and (one["type"] in TOKENS or one["type"] == kinds.PROVIDER)
    ]
    return remembered({"resources": known}, region)


def _deleted(deployment: Mapping[str, Any]) -> set[str]:
    """What goes with the stack."""
    resources: Iterable[Mapping[str, Any]] = deployment.get("resources") or ()
    return {str(one["urn"]) for one in resources if not one.get("retainOnDelete")}


def _grounds(own: Collection[Remembered]) -> Iterator[Ground]:
    """What is asked about.

    Of a binding only what others make of it on a gateway of theirs; of a CEN what hangs on it
    directly, where no transit router of the stack's has it.
    """
    by_id = {one.id: one for one in own}
    routed = {one.attributes.get("cen_id") for one in own if one.kind == "cen_transit_router"}
    for one in by_id.values():
        type_ = type_of(one.urn)
        if type_ == kinds.EIP_ASSOCIATION:
            eip, _, gateway = one.id.partition(":")
            address = by_id[eip].attributes.get("ip_address") if eip in by_id else None
            if gateway.startswith("ngw-") and gateway not in by_id and address:
                yield Ground(type_, one.id, one.region, address)
        elif one.id not in routed:
            within = one.attributes.get("vpc_id" if type_ == kinds.VSWITCH else "group_id")
            yield Ground(type_, one.id, one.region, within=str(within or ""))


def _beside(found: Iterable[Standing], own: Iterable[Remembered]) -> Iterator[Remembered]:
    """The gateways of others in whose tables something was found."""
    ids = {one.id for one in own}
    for one in found:
        gateway = one.on.rpartition(":")[2]
        if one.type in _TABLES and gateway not in ids:
            ids.add(gateway)
            table = {f"{name}s": one.inputs[given] for given, name in _TABLES[one.type].items()}
            yield Remembered("", "nat_gateway", gateway, one.region, table)


_TABLES: Final = {
    kinds.FORWARD_ENTRY: {"forwardTableId": "forward_table_id"},
    kinds.SNAT_ENTRY: {"snatTableId": "snat_table_id"},
}


def _as_remembered(one: Standing) -> Remembered:
    contract = TOKENS[one.type]
    told = contract.to_snake(one.inputs)
    attributes = {name: value for name, value in told.items() if value}
    return Remembered("", contract.kind, one.id, one.region, attributes)


_WORDS: Final[Mapping[str, str]] = {
    kinds.FORWARD_ENTRY: "DNAT entry",
    kinds.SNAT_ENTRY: "SNAT entry",
    kinds.EIP_ASSOCIATION: "binding of",
    kinds.PACKAGE_ATTACHMENT: "place in a package of",
    kinds.VSWITCH: "vSwitch",
    kinds.NAT_GATEWAY: "NAT gateway",
    kinds.SECURITY_GROUP: "security group",
    kinds.INSTANCE: "server",
    kinds.ENI: "network card",
    kinds.ENI_ATTACHMENT: "place in a server of network card",
    kinds.LOAD_BALANCER: "load balancer",
    kinds.VPN_GATEWAY: "VPN gateway",
    kinds.VPN_CONNECTION: "VPN connection",
    kinds.VPC_ACCESS: "VPC authorization",
    kinds.API: "API",
    kinds.API_GROUP: "API group",
    kinds.APP_ATTACHMENT: "authorization",
    kinds.PLUGIN_ATTACHMENT: "plugin on API",
    kinds.CEN_ATTACHMENT: "attachment of",
    kinds.ROUTER_ATTACHMENT: "attachment of a VPC",
    kinds.ROUTER_LINE_ATTACHMENT: "attachment of a line",
    kinds.ROUTER_LINK: "link",
}


def _said(one: Standing) -> str:
    """What it is, for people."""
    named = one.name if one.name == one.id else f"{one.name} ({one.id})"
    return f"{_WORDS[one.type]} {named}{_DETAILS.get(one.type, _nothing)(one.inputs)}"


def _said_of(one: Remembered) -> str:
    contract = contract_of_kind(one.kind)
    word = _WORDS.get(contract.token, one.kind.replace("_", " "))
    details = _DETAILS.get(contract.token, _nothing)(contract.to_camel(one.attributes))
    return f"{word} {one.id}{details}"


def _nothing(_inputs: Mapping[str, Any]) -> str:
    return ""


def _mapping(inputs: Mapping[str, Any]) -> str:
    to = f"{inputs['internalIp']}:{inputs['internalPort']}"
    return f", {inputs['ipProtocol']} {inputs['externalPort']} of {inputs['externalIp']} to {to}"


def _way_out(inputs: Mapping[str, Any]) -> str:
    source = inputs.get("sourceVswitchId") or inputs.get("sourceCidr")
    return f", {source} by {inputs['snatIp']}"


def _calling(inputs: Mapping[str, Any]) -> str:
    return f", app {inputs['appId']} for API {inputs['apiId']}"


_DETAILS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    kinds.FORWARD_ENTRY: _mapping,
    kinds.SNAT_ENTRY: _way_out,
    kinds.APP_ATTACHMENT: _calling,
}
