"""What networks hold and want that has one holder: ranges of a VPC, hosts' addresses."""

from collections.abc import Iterator

from stack import kinds
from stack.claims import Claim, Holder, Holdings
from stack.held import HeldResource, HeldState
from stack.network_rules import parse_cidr
from stack.networks_rules import place_of_network
from stack.settings import CommonSettings


def component_of_network(name: str | None) -> str:
    """The name of a network's component; None is the name of the stack's own."""
    return "network" if name is None else f"networks-{name}"


def network_holdings(common: CommonSettings, state: HeldState) -> Holdings:
    """Ranges of vSwitches and addresses of created hosts: held by the state, wanted by the file."""
    networks = (None, *common.networks)
    return Holdings(
        held=(
            *(one for name in networks for one in _held_vswitches(name, state)),
            *_held_hosts(common, state),
        ),
        wanted=(*_wanted_vswitches(common), *_wanted_hosts(common)),
    )


def _vswitches(network: str | None, state: HeldState) -> Iterator[tuple[str, HeldResource]]:
    """A network's own: `networks-a-b-c` may be `b-c` of `a`, or `c` of `a-b`."""
    component = component_of_network(network)
    for key, vswitch in state.all(kinds.VSWITCH, component):
        if vswitch.parent in {component, ""}:
            yield key, vswitch


def _held_vswitches(network: str | None, state: HeldState) -> Iterator[Holder]:
    place = (*place_of_network(network), "vswitches")
    for key, vswitch in _vswitches(network, state):
        yield Holder((*place, key), _range(network, vswitch.text("cidrBlock")))


def _wanted_vswitches(common: CommonSettings) -> Iterator[Holder]:
    for network, settings in common.every_network.items():
        place = (*place_of_network(network), "vswitches")
        for key, vswitch in settings.vswitches.items():
            if vswitch.id is None:
                yield Holder((*place, key), _range(network, vswitch.cidr), vswitch.was)


def _held_hosts(common: CommonSettings, state: HeldState) -> Iterator[Holder]:
    networks = _networks_of_vswitches(common, state)
    for name, instance in state.all(kinds.INSTANCE, "host"):
        key = name.removesuffix("-instance")
        # Where even the state doesn't say it, a host is where the file has it.
        there, _ = common.network_of_host(key) or (None, None)
        network = networks.get(instance.text("vswitchId"), there)
        claim = private_address(instance.text("privateIp"), network)
        yield Holder((*place_of_network(network), "hosts", key), (claim,))


def _networks_of_vswitches(common: CommonSettings, state: HeldState) -> dict[str, str | None]:
    """The network that each known vSwitch is of, by the vSwitch's id."""
    found: dict[str, str | None] = {}
    for network, settings in common.every_network.items():
        existing = (vswitch.id for vswitch in settings.vswitches.values())
        found.update((one, network) for one in existing if one is not None)
        found.update((vswitch.id, network) for _, vswitch in _vswitches(network, state))
    return found


def _wanted_hosts(common: CommonSettings) -> Iterator[Holder]:
    for network, settings in common.every_network.items():
        place = (*place_of_network(network), "hosts")
        for key, host in settings.hosts.items():
            if host.instance is not None:
                yield Holder((*place, key), (private_address(host.ip, network),), host.was)


def _range(network: str | None, cidr: str) -> tuple[Claim, ...]:
    found = parse_cidr(cidr)
    if found is None:
        return ()
    first, last = int(found.network_address), int(found.broadcast_address)
    return (Claim(("range", network or ""), f"the range {cidr}", first, last),)


def private_address(ip: str, network: str | None = None) -> Claim:
    """The claim of whoever has a private address of a VPC, the stack's own unless named."""
    return Claim(("private address", network or "", ip), f"the address {ip}")
