"""What networks hold and want that has one holder: ranges of a VPC, hosts' addresses, instances.

And what the state has of a network that the stack file wants: by which names, and whether it stays.
"""

from collections.abc import Iterator, Mapping

from facts import kinds
from stack.claims import Claim, Clash, Holder, Holdings
from stack.network import VSwitchSettings
from stack.network_rules import parse_address, parse_cidr, place_of_network
from stack.problems import KeyPath, Problem
from stack.settings import CommonSettings
from stack.state import StackState, StateResource


def component_of_network(name: str | None) -> str:
    """The name of a network's component; None is the name of the stack's own."""
    return "network" if name is None else f"networks-{name}"


def held_vpc(common: CommonSettings, network: str | None, state: StackState) -> str | None:
    """The id of a network's VPC; None of one that is to be created."""
    existing = common.every_network[network].vpc.id
    names = (f"{one}-vpc" for one in _components(common, network))
    return existing or state.id_of(kinds.VPC, *names)


def held_vswitches(
    common: CommonSettings, network: str | None, state: StackState
) -> Iterator[tuple[str, StateResource]]:
    """The vSwitches that the state has of a network, by their keys there.

    Its own alone: `networks-a-b-c` may be `b-c` of `a`, or `c` of `a-b`.
    """
    for component in _components(common, network):
        for key, vswitch in state.all(kinds.VSWITCH, component):
            if vswitch.parent in {component, ""}:
                yield key, vswitch


def held_vswitch(common: CommonSettings, key: str, state: StackState) -> StateResource | None:
    """What the state has of a vSwitch that the stack file creates; None where it is new."""
    network, settings = common.network_of_vswitch(key) or (None, common.network)
    held = dict(held_vswitches(common, network, state))
    was = settings.vswitches[key].was
    return held.get(key) or (held.get(was) if was is not None else None)


def changed_for_good(wanted: VSwitchSettings, held: StateResource) -> list[str]:
    """What differs of a vSwitch that the cloud can't change: it is made anew for that."""
    before = {"cidr": held.text("cidrBlock"), "zone": held.text("zoneId")}
    after = {"cidr": wanted.cidr, "zone": wanted.zone}
    return [name for name in after if before[name] and before[name] != after[name]]


def standing_vswitch(common: CommonSettings, key: str, state: StackState) -> str | None:
    """The id of a vSwitch that stays as it is; None of one that is created, or made anew."""
    _, settings = common.network_of_vswitch(key) or (None, common.network)
    wanted = settings.vswitches[key]
    held = held_vswitch(common, key, state)
    if wanted.id is not None or held is None:
        return wanted.id
    return held.id if not changed_for_good(wanted, held) else None


def held_server(common: CommonSettings, host: str, state: StackState) -> StateResource | None:
    """What the state has of a host that the stack creates, or has created; None where it is new."""
    _, settings = common.every_host[host]
    was = f"host-{settings.was}-instance" if settings.was is not None else None
    return state.find(kinds.INSTANCE, f"host-{host}-instance", was)


def server_id(common: CommonSettings, host: str, state: StackState) -> str | None:
    """The id of a host's ECS instance; None of one that isn't known, or is to be created."""
    if host not in common.every_host:
        return None
    held = held_server(common, host, state)
    return common.every_host[host][1].instance_id or (held.id if held is not None else None)


def _components(common: CommonSettings, network: str | None) -> tuple[str, ...]:
    """The names of a network's component, today's first."""
    was = common.networks[network].was if network is not None else None
    names = (network, was) if was is not None else (network,)
    return tuple(map(component_of_network, names))


def network_claims(common: CommonSettings, state: StackState) -> Holdings:
    """Ranges of vSwitches, and hosts' addresses: held by the state, wanted by the file."""
    networks = (None, *common.networks)
    return Holdings(
        held=(
            *(one for name in networks for one in _held_vswitches(common, name, state)),
            *_held_hosts(common, state),
        ),
        wanted=(*_wanted_vswitches(common), *_wanted_hosts(common)),
    )


def _held_vswitches(
    common: CommonSettings, network: str | None, state: StackState
) -> Iterator[Holder]:
    place = (*place_of_network(network), "vswitches")
    for key, vswitch in held_vswitches(common, network, state):
        cidr = vswitch.text("cidrBlock")
        fixed = {"cidr": cidr, "zone": vswitch.text("zoneId")}
        yield Holder((*place, key), _range(network, cidr), fixed=fixed)


def _wanted_vswitches(common: CommonSettings) -> Iterator[Holder]:
    for network, settings in common.every_network.items():
        place, vswitches = (*place_of_network(network), "vswitches"), settings.vswitches

        def overlapping(at: KeyPath, vswitches: Mapping[str, VSwitchSettings] = vswitches) -> Clash:
            def problem(other: Holder, _: Claim) -> Problem:
                name, cidr = other.path[-1], vswitches[str(other.path[-1])].cidr
                rule = f"vSwitches can't overlap; {name} has {cidr}"
                remedy = "choose ranges that share no address"
                return Problem((*at, "cidr"), vswitches[str(at[-1])].cidr, rule, remedy)

            return problem

        for key, one in sorted(vswitches.items()):
            path, fixed = (*place, key), {"cidr": one.cidr, "zone": one.zone}
            claims = _range(network, one.cidr, overlapping(path))
            yield Holder(path, claims, one.was, fixed=fixed, standing=one.id is not None)


def _held_hosts(common: CommonSettings, state: StackState) -> Iterator[Holder]:
    networks = _networks_of_vswitches(common, state)
    for name, instance in state.all(kinds.INSTANCE, "host"):
        key = name.removesuffix("-instance")
        # Where even the state doesn't say it, a host is where the file has it.
        there, _ = common.network_of_host(key) or (None, None)
        network = networks.get(instance.text("vswitchId"), there)
        claim = private_address(instance.text("privateIp"), network)
        fixed = {"instance.disk": instance.text("systemDiskCategory")}
        yield Holder((*place_of_network(network), "hosts", key), (claim,), fixed=fixed)


def _networks_of_vswitches(common: CommonSettings, state: StackState) -> dict[str, str | None]:
    """The network that each known vSwitch is of, by the vSwitch's id."""
    found: dict[str, str | None] = {}
    for network, settings in common.every_network.items():
        existing = (vswitch.id for vswitch in settings.vswitches.values())
        found.update((one, network) for one in existing if one is not None)
        found.update((vswitch.id, network) for _, vswitch in held_vswitches(common, network, state))
    return found


def _wanted_hosts(common: CommonSettings) -> Iterator[Holder]:
    for network, settings in common.every_network.items():
        place = (*place_of_network(network), "hosts")
        for key, host in settings.hosts.items():
            path, made = (*place, key), host.instance
            claims: list[Claim] = []
            if parse_address(host.ip) is not None:
                clash = _shared((*path, "ip"), host.ip, "address")
                claims.append(private_address(host.ip, network, clash=clash))
            if host.instance_id is not None:
                clash = _shared((*path, "instanceId"), host.instance_id, "instance")
                group = ("instance", network or "", host.instance_id)
                claims.append(Claim(group, f"the instance {host.instance_id}", clash=clash))
            fixed = {"instance.disk": made.disk.value} if made is not None else None
            yield Holder(path, tuple(claims), host.was, fixed=fixed, standing=made is None)


def _shared(path: KeyPath, value: str, what: str) -> Clash:
    def problem(other: Holder, _: Claim) -> Problem:
        rule = f"two hosts can't share one {what}; {other.path[-1]} has it already"
        return Problem(path, value, rule, f"give one of them another {what}, or remove one")

    return problem


def _range(network: str | None, cidr: str, clash: Clash | None = None) -> tuple[Claim, ...]:
    found = parse_cidr(cidr)
    if found is None:
        return ()
    first, last = int(found.network_address), int(found.broadcast_address)
    return (Claim(("range", network or ""), f"the range {cidr}", first, last, clash=clash),)


def private_address(
    ip: str, network: str | None = None, *, place: KeyPath = (), clash: Clash | None = None
) -> Claim:
    """The claim of whoever has a private address of a VPC, the stack's own unless named."""
    group = ("private address", network or "", ip)
    return Claim(group, f"the address {ip}", place=place, clash=clash)
