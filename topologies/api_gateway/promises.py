"""What the section puts out, by name."""

from stack.ids import API_INSTANCE, BALANCER, OTHER, Promises
from stack.settings import StackSettings
from topologies.api_gateway.settings import ApiGatewaySettings


def api_gateway_promises(settings: StackSettings, section: ApiGatewaySettings) -> Promises:
    """The outputs that `build` makes."""
    del settings
    parts = ("id", "domain", "vpcDomain")
    found: Promises = {
        "apiGroups": {name: dict.fromkeys(parts, OTHER) for name in section.groups},
        "apis": dict.fromkeys(section.apis, OTHER),
        "apiApps": dict.fromkeys(section.apps, OTHER),
    }
    if section.load_balancers:
        found["loadBalancerIds"] = dict.fromkeys(section.load_balancers, BALANCER)
    if section.instance is not None:
        found["apiGatewayInstanceId"] = API_INSTANCE
    return found
