"""Stack files with joined networks for tests, and edits of them."""

from typing import Any

from tests.stackfiles import Edit, dev_stack, loaded
from tests.topologies.api_stacks import SECURE
from tests.topologies.unified import gone, put

C = "crossRegion"
ATTACHMENTS, LINKS, SERVICES, CENTERS = (
    f"{C}.{key}" for key in ("attachments", "links", "services", "dataCenters")
)

NETWORK = """\
vpc: {cidr: 192.168.0.0/16}
vswitches:
  gateway: {cidr: 192.168.1.0/24, zone: cn-shanghai-g}
  gateway-2: {cidr: 192.168.2.0/24, zone: cn-shanghai-e}
"""

NETWORKS = """\
functions:
  region: cn-zhangjiakou
  vpc: {cidr: 10.1.0.0/16}
  vswitches:
    calls: {cidr: 10.1.1.0/24, zone: cn-zhangjiakou-a}
    calls-2: {cidr: 10.1.2.0/24, zone: cn-zhangjiakou-b}
backend:
  vpc: {cidr: 172.16.0.0/16}
  vswitches:
    apps: {cidr: 172.16.1.0/24, zone: cn-shanghai-g}
    apps-2: {cidr: 172.16.2.0/24, zone: cn-shanghai-e}
"""

# Two regions with a service, and a data centre on a leased line: nothing to refuse or to warn of.
SECTION = """\
attachments:
  gateway: {}
  functions: {network: functions}
  office: {dataCenter: office}
links:
  calls: {regions: [cn-shanghai, cn-zhangjiakou], bandwidth: 2}
services:
  gateway: {range: 100.104.255.128/26, attachment: gateway}
dataCenters:
  office: {ranges: {servers: 10.10.0.0/16}, vbr: vbr-1}
"""

VPN: dict[str, Any] = {
    "vswitch": "gateway",
    "backupVswitch": "gateway-2",
    "device": "203.0.113.10",
    "preSharedKey": SECURE,
}
BRANCH: dict[str, Any] = {"ranges": {"desks": "10.20.0.0/16"}, "vpn": VPN}
"""A data centre at the end of a VPN."""

PACKAGE = {"bandwidth": 2}


def cross_stack(*edits: Edit) -> str:
    """A stack file with joined networks alone, after some edits."""

    def joined(settings: dict[str, Any]) -> None:
        del settings["sharedBandwidth"]
        settings["topology"] = "cross-region"
        settings["network"] = loaded(NETWORK)
        settings["networks"] = loaded(NETWORKS)
        settings[C] = loaded(SECTION)
        for edit in edits:
            edit(settings)

    return dev_stack(joined)


def basic_stack(*edits: Edit) -> str:
    """The same on the basic edition, with the bandwidth that it needs."""
    return cross_stack(put(C, edition="basic", bandwidthPackage={**PACKAGE}), *edits)


def branch(**changes: object) -> Edit:
    """An edit that adds a data centre by VPN, with some of the VPN's settings changed."""
    return put(CENTERS, branch={**BRANCH, "vpn": {**VPN, **changes}})


def third_region() -> list[Edit]:
    """Edits that attach a network in a third region, linked with the stack's own."""
    network = {
        "region": "cn-beijing",
        "vpc": {"cidr": "10.2.0.0/16"},
        "vswitches": {
            "desk": {"cidr": "10.2.1.0/24", "zone": "cn-beijing-h"},
            "desk-2": {"cidr": "10.2.2.0/24", "zone": "cn-beijing-i"},
        },
    }
    return [
        put("networks", desk=network),
        put(ATTACHMENTS, desk={"network": "desk"}),
        put(LINKS, desk={"regions": ["cn-beijing", "cn-shanghai"], "bandwidth": 2}),
    ]


def without(*places: str) -> list[Edit]:
    """Edits that remove what is at some places."""
    return [gone(place) for place in places]
