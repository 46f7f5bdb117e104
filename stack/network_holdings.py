"""What the network holds and wants that has one holder: ranges of the VPC, hosts' addresses."""

from collections.abc import Iterator

from stack.claims import Claim, Holder, Holdings
from stack.held import HeldState
from stack.network import NetworkSettings
from stack.network_rules import parse_cidr

VSWITCH = "alicloud:vpc/switch:Switch"
INSTANCE = "alicloud:ecs/instance:Instance"


def network_holdings(network: NetworkSettings, state: HeldState) -> Holdings:
    """Ranges of vSwitches and addresses of created hosts: held by the state, wanted by the file."""
    return Holdings(
        held=(*_held_vswitches(state), *_held_hosts(state)),
        wanted=(
            *(
                Holder(("network", "vswitches", key), _range(vswitch.cidr), vswitch.was)
                for key, vswitch in network.vswitches.items()
                if vswitch.id is None
            ),
            *(
                Holder(("network", "hosts", key), (private_address(host.ip),), host.was)
                for key, host in network.hosts.items()
                if host.instance is not None
            ),
        ),
    )


def _held_vswitches(state: HeldState) -> Iterator[Holder]:
    for key, vswitch in state.all(VSWITCH, "network"):
        yield Holder(("network", "vswitches", key), _range(vswitch.text("cidrBlock")))


def _held_hosts(state: HeldState) -> Iterator[Holder]:
    for name, instance in state.all(INSTANCE, "host"):
        key = name.removesuffix("-instance")
        yield Holder(("network", "hosts", key), (private_address(instance.text("privateIp")),))


def _range(cidr: str) -> tuple[Claim, ...]:
    network = parse_cidr(cidr)
    if network is None:
        return ()
    first, last = int(network.network_address), int(network.broadcast_address)
    return (Claim(("range",), f"the range {cidr}", first, last),)


def private_address(ip: str) -> Claim:
    """The claim of whoever has a private address of the VPC."""
    return Claim(("private address", ip), f"the address {ip}")
