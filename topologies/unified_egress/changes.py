"""Changes of servers that no single update can carry out, whoever holds what."""

from collections.abc import Iterator

from facts import kinds
from stack.network_holdings import standing_vswitch
from stack.problems import Problem
from stack.settings import StackSettings
from stack.state import StackState
from topologies.unified_egress.settings import SECTION, UnifiedEgressSettings


def unified_egress_changes(
    settings: StackSettings, section: UnifiedEgressSettings, state: StackState
) -> Iterator[Problem]:
    """A secondary address that a network interface gives up while an EIP still stands for it.

    The interface is changed in place, and first: a binding goes when what stands on it has gone.
    """
    for name, server in section.servers.items():
        keys = [key for key in (name, server.was) if key is not None]
        eni = state.find(kinds.ENI, *(f"server-{key}-eni" for key in keys))
        if eni is None or eni.text("primaryIpAddress") != server.eni.ip:
            continue
        lies_in = eni.text("vswitchId")
        if lies_in and lies_in != standing_vswitch(settings.common, server.eni.vswitch, state):
            continue  # made anew, and its bindings with it
        before = eni.outputs.get("privateIpAddresses") or ()
        for address in sorted({*before} - {*server.eni.secondary_ips}):
            bindings = (f"server-{key}-addresses-{address}" for key in keys)
            if state.find(kinds.EIP_ASSOCIATION, *bindings) is not None:
                rule = (
                    f"an EIP stands for {address}, and the interface can't give it up before that "
                    "is unbound"
                )
                remedy = (
                    "do it in two steps: first take the EIP off it (secondaryPublicIps) and run "
                    f"up; then take {address} out and run up again"
                )
                path = (SECTION, "servers", name, "eni", "secondaryIps")
                yield Problem(path, address, rule, remedy)
