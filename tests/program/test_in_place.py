"""What a remedy may promise: `was` updates in place where nothing differs that replaces.

`stack.claims.Holder.fixed` has what is compared for that, under the stack file's words. Here it is
held against the provider's facts, of which nothing may be missing.
"""

import pytest

from facts import kinds
from facts.contract import contract_of
from tests.program.test_moves import STACKS, made

COMPARED = {
    kinds.VSWITCH: {"cidr": "cidrBlock", "zone": "zoneId"},
    kinds.INSTANCE: {"instance.disk": "systemDiskCategory"},
    kinds.FORWARD_ENTRY: {"natGateway": "forwardTableId"},
    kinds.SNAT_ENTRY: {"natGateway": "snatTableId"},
    kinds.API: {},
    kinds.VPC_ACCESS: {"name": "name"},
    kinds.ACCESS_LIST_RANGE: {"comment": "comment"},
    kinds.ROUTER_ATTACHMENT: {},
    kinds.ROUTER_LINK: {},
    kinds.ROUTER_ROUTE: {"attachment": "transitRouterRouteEntryNextHopId"},
}
# What two entries have in common that want the same, and so are told to say `was`.
THE_SAME = {
    kinds.VSWITCH: {"vpcId"},
    kinds.SNAT_ENTRY: {"sourceVswitchId", "sourceCidr"},
    kinds.API: {"groupId"},
    kinds.VPC_ACCESS: {"vpcId", "instanceId", "port"},
    kinds.ACCESS_LIST_RANGE: {"aclId", "entry"},
    kinds.ROUTER_ATTACHMENT: {"vpcId", "transitRouterId"},
    kinds.ROUTER_LINK: {
        "transitRouterId",
        "peerTransitRouterId",
        "peerTransitRouterRegionId",
        "cenId",
    },
    kinds.ROUTER_ROUTE: {
        "transitRouterRouteTableId",
        "transitRouterRouteEntryDestinationCidrBlock",
        "transitRouterRouteEntryNextHopType",
    },
}


@pytest.mark.parametrize("kind", COMPARED)
def test_everything_is_compared_that_the_provider_replaces_for(kind: str) -> None:
    replacing = {
        key
        for name in STACKS
        for one in made(name).resources
        if one.type == kind
        for key in one.inputs
        if contract_of(one.type).by_camel[key].replaces
    }
    assert replacing == {*COMPARED[kind].values()} | THE_SAME.get(kind, set())
